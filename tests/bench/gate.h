// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace spicykvm::bench {

/// Lets one waiting thread through for each opening; openings nobody waits for do not add up. (Not
/// std::binary_semaphore: that of g++ 12 may sleep on after a release, GCC bug 104928.)
class Gate {
  public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_one();
    }
    /// False after `timeout`.
    bool pass(Milliseconds timeout) {
        std::unique_lock lock(mutex_);
        opened_.wait_for(lock, timeout, [this] { return open_; });
        return std::exchange(open_, false);
    }

  private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

} // namespace spicykvm::bench
