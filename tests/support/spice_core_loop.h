// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <spice.h>
#include <thread>
#include <vector>

namespace spicykvm::test {

/// A thread with an event loop for libspice-server, which must be called on it alone. libspice's
/// core functions carry no context, so the loop is found by its thread.
class SpiceCoreLoop {
  public:
    /// `on_channel_event` is called on the loop's thread.
    explicit SpiceCoreLoop(
        std::function<void(int event, const SpiceChannelEventInfo&)> on_channel_event);
    SpiceCoreLoop(const SpiceCoreLoop&) = delete;
    SpiceCoreLoop& operator=(const SpiceCoreLoop&) = delete;
    ~SpiceCoreLoop();

    /// Runs `task` on the thread, soon.
    void post(std::function<void()> task);
    /// Runs `task` on the thread and waits for it. Not from the thread itself.
    void run(const std::function<void()>& task);

    /// What spice_server_init() wants.
    [[nodiscard]] SpiceCoreInterface* core() noexcept { return &core_; }

  private:
    friend SpiceTimer;
    friend SpiceWatch;
    void serve();
    void run_tasks();
    void dispatch(int timeout_ms);
    void fire_timers();
    [[nodiscard]] int until_next_timer() const;

    std::function<void(int, const SpiceChannelEventInfo&)> on_channel_event_;
    SpiceCoreInterface core_{};
    Fd epoll_;
    Fd wake_;
    std::vector<std::unique_ptr<SpiceTimer>> timers_;
    std::vector<std::unique_ptr<SpiceWatch>> watches_;
    std::mutex tasks_mutex_;
    std::deque<std::function<void()>> tasks_;
    bool stopping_ = false; // of the loop's thread
    std::thread thread_;
};

} // namespace spicykvm::test
