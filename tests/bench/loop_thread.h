// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"

#include <functional>
#include <future>
#include <thread>

namespace spicykvm::bench {

/// A main loop on a thread of its own.
class LoopThread {
  public:
    LoopThread() : thread_([this] { loop_.run(); }) {}
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;
    ~LoopThread() {
        loop_.post([this] { loop_.exit(0); });
        thread_.join();
    }

    /// Runs `task` on the loop and waits for it.
    void run(const std::function<void()>& task) {
        std::packaged_task<void()> packaged(task);
        loop_.post([&] { packaged(); });
        packaged.get_future().get();
    }
    /// For what is used by run() tasks.
    [[nodiscard]] EventLoop& loop() noexcept { return loop_; }

  private:
    EventLoop loop_;
    std::thread thread_;
};

} // namespace spicykvm::bench
