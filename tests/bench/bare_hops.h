// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"
#include "bench/gate.h"

#include <atomic>
#include <thread>

namespace spicykvm::bench {

/// The baseline of a switch: what the way from an event on one thread to another thread and back
/// costs when nothing is done on it. An event of a key that goes up starts it.
class BareHops {
  public:
    BareHops(Fd events, int rt_priority);
    BareHops(const BareHops&) = delete;
    BareHops& operator=(const BareHops&) = delete;
    ~BareHops();

    struct Times {
        TimePoint read;    ///< by the first thread
        TimePoint decided; ///< by the second one
        TimePoint back;    ///< on the first one
    };
    /// The next way that ends.
    [[nodiscard]] Times wait();
    /// Starts on the second thread; Times::read means nothing then.
    void start_there();

  private:
    void run_first(int rt_priority);
    void run_second();

    Fd events_;
    Fd first_;  ///< wakes the first thread
    Fd second_; ///< wakes the second one
    std::atomic<bool> stop_{false};
    Times times_; ///< handed from thread to thread
    Gate done_;
    std::thread first_thread_;
    std::thread second_thread_;
};

} // namespace spicykvm::bench
