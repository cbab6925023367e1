// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"
#include "bench/device.h"
#include "bench/gate.h"

#include <atomic>
#include <cstddef>
#include <span>
#include <thread>
#include <vector>

namespace spicykvm::bench {

/// The far end of an inputs channel, as a server that is never late: acknowledges every fourth
/// motion and notes when each event of inject() arrived. The sum of motions n to n + k - 1 is
/// (k, n k + k (k - 1) / 2): so one message may stand for several, and some may be missing.
class Peer {
  public:
    Peer(Fd socket, int rt_priority);
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    ~Peer();

    /// From now on so many motions or keys are waited for.
    void expect(Stream stream, std::size_t count);
    /// Until the last one is there. When each arrived; TimePoint{}: it did not. Of keys that are
    /// missing nobody knows which they are.
    [[nodiscard]] std::span<const TimePoint> wait(Milliseconds timeout);

  private:
    void run(int rt_priority);
    void take_motions(std::int64_t dx, std::int64_t dy, TimePoint now);
    void take_key(TimePoint now);
    void mark(std::size_t first, std::size_t count, TimePoint now);
    void acknowledge();

    Fd socket_;
    std::vector<TimePoint> arrived_;
    std::atomic<std::size_t> expected_{0};
    Stream stream_ = Stream::Motion;
    std::size_t keys_ = 0;
    Gate complete_;
    unsigned motions_ = 0;
    std::thread thread_;
};

} // namespace spicykvm::bench
