// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "ddc/displays.h"
#include "ddc/monitor_step.h"
#include "ddc/return_test.h"

#include <memory>
#include <optional>
#include <string>

namespace spicykvm::ddc {

/// Runs a ReturnTest: one at a time, and not during a switch. Its moves are those of MonitorStep,
/// so that a crash leaves the monitor in the list of what is away. Main loop.
class ReturnTester {
  public:
    using Done = core::DisplaysPort::TestDone;

    /// `step` and `displays` must outlive it.
    ReturnTester(EventLoop& loop, MonitorStep& step, Displays& displays);
    ReturnTester(const ReturnTester&) = delete;
    ReturnTester& operator=(const ReturnTester&) = delete;
    /// Forgets who waits.
    ~ReturnTester();

    /// `done` is called once, at the latest by stop(). Busy: another one runs, or is coming home.
    void start(const std::string& target, const MonitorSettings& monitor, Milliseconds away,
               Done done);
    /// Ends the test with `why`, and brings the monitor home.
    void stop(const Error& why);
    /// As stop(), for a switch that begins: it brings the monitor to where it belongs.
    void yield(const Error& why);
    /// Calls back, maybe from inside, when no test runs and its monitor is on its way home no more.
    void when_home(EventLoop::Callback callback);

  private:
    void go_on();
    void move(const ReturnTest::Move& move);
    void read();
    void end(Result<std::vector<core::ReturnTrial>> result);
    void rest();

    MonitorStep& step_;
    Displays& displays_;
    std::optional<ReturnTest> test_;
    std::string target_;
    MonitorSettings monitor_;
    std::shared_ptr<std::optional<Display>> seen_; ///< shared with readings under way
    Done done_;
    bool coming_home_ = false; ///< after stop()
    EventLoop::Callback home_;
    Timer timer_;
    std::uint64_t generation_ = 0; ///< what is of an older one is late
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); ///< shared with what is under way
};

} // namespace spicykvm::ddc
