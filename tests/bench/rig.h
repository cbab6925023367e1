// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "bench/loop_thread.h"
#include "bench/watched_node.h"
#include "core/guest_input.h"
#include "core/guest_port.h"
#include "core/switch_machine.h"
#include "input/input_thread.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace spicykvm::bench {

/// The daemon's input path and switch with one device and one guest that is always connected: the
/// real input thread, the real switch machine, a main loop in between.
class Rig final : private core::InputObserver,
                  private core::GuestPort,
                  private core::SwitchMachineObserver {
  public:
    /// The hotkey there and back, when tapped.
    static constexpr std::uint16_t kHotkey = KEY_RIGHTCTRL;

    /// `guest` may be null, if it is never activated.
    Rig(std::unique_ptr<input::InputNode> node, std::unique_ptr<core::GuestInput> guest,
        int rt_priority);
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;
    ~Rig();

    /// What `make` makes on the main loop follows keyboard and mouse. While inactive.
    void follow(const std::function<std::shared_ptr<core::SwitchStep>(EventLoop&)>& make);
    /// That have ended, with all that follows.
    [[nodiscard]] unsigned switches();
    void wait_for_switches(unsigned count);

    /// Waits until it is so.
    void activate();
    void deactivate();
    void wait_for(core::SwitchState state);
    /// As a call over the bus does it; when it was decided.
    TimePoint ask_to_leave();

    /// Throws if keyboard and mouse came home for a reason that is not the benchmark's.
    void check();

    /// Of the input thread.
    [[nodiscard]] pid_t thread() const noexcept { return log_->thread; }
    [[nodiscard]] TimePoint grabbed_at() const noexcept { return at(log_->grabbed); }
    [[nodiscard]] TimePoint ungrabbed_at() const noexcept { return at(log_->ungrabbed); }
    [[nodiscard]] int events_fd() const noexcept { return events_fd_; }

  private:
    static constexpr core::TargetId kTarget{};

    void connect(core::TargetId target) override;
    [[nodiscard]] core::ConnectionState connection(core::TargetId) const override {
        return core::ConnectionState::Connected;
    }
    void on_entered(std::uint32_t serial, const core::EnterReport& report) override;
    void on_enter_failed(std::uint32_t serial, const Error& error) override;
    void on_left(const core::LeaveReport& report) override;
    void on_hotkey(const core::Hotkey& hotkey, bool begin) override;
    void on_guest_lost(core::TargetId target) override;
    void on_switch_state() override;
    void on_switch_finished(core::TargetId target, const core::SwitchReport& report) override;

    void renew_lease();
    [[nodiscard]] static TimePoint at(const std::atomic<TimePoint::rep>& time) noexcept {
        return TimePoint(TimePoint::duration(time.load(std::memory_order_acquire)));
    }

    std::shared_ptr<NodeLog> log_ = std::make_shared<NodeLog>();
    int events_fd_ = -1;
    LoopThread loop_;
    std::unique_ptr<input::InputThread> input_;
    std::unique_ptr<core::SwitchMachine> machine_;
    std::unique_ptr<Timer> lease_;
    std::shared_ptr<core::SwitchStep> follower_;

    std::mutex mutex_;
    std::condition_variable changed_;
    core::SwitchState state_ = core::SwitchState::Inactive;
    unsigned switches_ = 0;
    std::string trouble_;
};

} // namespace spicykvm::bench
