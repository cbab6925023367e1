// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/rig.h"

#include <stdexcept>
#include <utility>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

input::InputSettings settings_with(int rt_priority) {
    core::Hotkey toggle;
    toggle.keys[0] = core::KeyCode{Rig::kHotkey};
    input::InputSettings settings;
    settings.devices.automatic = false;
    settings.devices.include = {{.name = "*", .path = {}, .id = std::nullopt, .phys = {}}};
    settings.hotkeys.hotkeys = {toggle};
    settings.hotkeys.timing.tap = Milliseconds(2000); // a slow machine must not make a hold of it
    settings.rt_priority = rt_priority;
    settings.watch_devices = false;
    return settings;
}

} // namespace

Rig::Rig(std::unique_ptr<input::InputNode> node, std::unique_ptr<core::GuestInput> guest,
         int rt_priority)
    : events_fd_(node->fd()) {
    core::InputObserver& input_observer = *this;
    core::GuestPort& guests = *this;
    core::SwitchMachineObserver& switch_observer = *this;
    loop_.run([&] {
        input_ = std::make_unique<input::InputThread>(loop_.loop(), input_observer,
                                                      settings_with(rt_priority));
        machine_ = std::make_unique<core::SwitchMachine>(guests, *input_, switch_observer);
        lease_ = std::make_unique<Timer>(loop_.loop(), [this] { renew_lease(); });
        input_->add_node(std::make_unique<WatchedNode>(std::move(node), log_));
        if (guest) {
            input_->add_guest(kTarget, std::move(guest));
        }
        renew_lease();
    });
}

Rig::~Rig() {
    loop_.run([this] {
        lease_.reset();
        input_.reset();
        machine_.reset();
        follower_.reset();
    });
}

void Rig::follow(const std::function<std::shared_ptr<core::SwitchStep>(EventLoop&)>& make) {
    loop_.run([&] {
        follower_ = make(loop_.loop());
        machine_->set_steps({follower_.get()});
    });
}

void Rig::activate() {
    loop_.run([this] { machine_->activate(kTarget, Clock::now(), nullptr); });
    wait_for(core::SwitchState::Active);
}

void Rig::deactivate() {
    ask_to_leave();
    wait_for(core::SwitchState::Inactive);
}

TimePoint Rig::ask_to_leave() {
    TimePoint decided;
    loop_.run([&] {
        decided = Clock::now();
        machine_->deactivate(core::LeaveReason::Request, decided, nullptr);
    });
    return decided;
}

void Rig::wait_for(core::SwitchState state) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 5s, [&] { return state_ == state || !trouble_.empty(); }) ||
        !trouble_.empty()) {
        throw std::runtime_error("the switch is " + std::string(to_string(state_)) + ", not " +
                                 std::string(to_string(state)) +
                                 (trouble_.empty() ? "" : ": " + trouble_));
    }
}

void Rig::connect(core::TargetId target) {
    loop_.loop().defer([this, target] { machine_->on_guest_connected(target, Clock::now()); });
}

void Rig::on_entered(std::uint32_t serial, const core::EnterReport& report) {
    machine_->on_entered(serial, report, Clock::now());
}

void Rig::on_enter_failed(std::uint32_t serial, const Error& error) {
    {
        const std::lock_guard lock(mutex_);
        trouble_ = error.message;
    }
    machine_->on_enter_failed(serial, error, Clock::now());
}

void Rig::check() {
    const std::lock_guard lock(mutex_);
    if (!trouble_.empty()) {
        throw std::runtime_error("the switch went home: " + trouble_);
    }
}

void Rig::on_left(const core::LeaveReport& report) {
    using core::LeaveReason;
    if (report.reason == LeaveReason::LeaseMissed || report.reason == LeaveReason::GuestStalled ||
        report.reason == LeaveReason::NoDevice) {
        const std::lock_guard lock(mutex_);
        trouble_ = to_string(report.reason);
    }
    machine_->on_left(report, Clock::now());
}

void Rig::on_hotkey(const core::Hotkey&, bool) {
    if (machine_->state() == core::SwitchState::Inactive) {
        machine_->activate(kTarget, Clock::now(), nullptr);
    } else {
        machine_->deactivate(core::LeaveReason::Hotkey, Clock::now(), nullptr);
    }
}

void Rig::on_guest_lost(core::TargetId) {
    const std::lock_guard lock(mutex_);
    trouble_ = "the guest is lost";
    changed_.notify_all();
}

void Rig::on_switch_finished(core::TargetId, const core::SwitchReport&) {
    const std::lock_guard lock(mutex_);
    ++switches_;
    changed_.notify_all();
}

unsigned Rig::switches() {
    const std::lock_guard lock(mutex_);
    return switches_;
}

void Rig::wait_for_switches(unsigned count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, 5s, [&] { return switches_ >= count; })) {
        throw std::runtime_error("the switch does not end");
    }
}

void Rig::on_switch_state() {
    const std::lock_guard lock(mutex_);
    state_ = machine_->state();
    changed_.notify_all();
}

void Rig::renew_lease() {
    input_->renew_lease();
    lease_->arm_after(250ms);
}

} // namespace spicykvm::bench
