// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"

#include <atomic>
#include <cstddef>
#include <semaphore>
#include <span>
#include <thread>
#include <vector>

namespace spicykvm::bench {

/// The far end of an inputs channel, as a server that is never late: acknowledges every fourth
/// motion and notes when each unit arrived. A unit is one count of dx, or one key message; so a
/// motion that stands for several reports tells when each of them arrived.
class Peer {
  public:
    Peer(Fd socket, int rt_priority);
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();

    /// From now on `units` are waited for.
    void expect(std::size_t units);
    /// When each arrived; fewer than expected if they stayed out.
    [[nodiscard]] std::span<const TimePoint> wait(Milliseconds timeout);

  private:
    void run(int rt_priority);
    void take(std::span<const std::uint8_t> bytes, TimePoint now);
    void count(std::size_t units, TimePoint now);
    void acknowledge();

    Fd socket_;
    std::vector<TimePoint> arrived_;
    std::atomic<std::size_t> expected_{0};
    std::atomic<std::size_t> used_{0};
    std::binary_semaphore complete_{0};
    unsigned motions_ = 0;
    std::thread thread_;
};

} // namespace spicykvm::bench
