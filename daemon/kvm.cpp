// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "kvm.h"

#include "base/log.h"
#include "diagnosis/grabbers.h"
#include "settings.h"

#include <algorithm>

namespace spicykvm {

using core::HotkeyAction;
using core::SwitchState;

Kvm::Kvm(EventLoop& loop, const Notifier& notifier, const config::Config& config, Loader loader,
         const MonitorPaths& monitor_paths)
    : loop_(loop), notifier_(notifier), loader_(std::move(loader)), config_(config),
      targets_(loop, *this), audio_(targets_),
      input_(loop, *this, input_settings(config, targets_)), machine_(targets_, input_, *this),
      monitors_(loop, monitor_paths), guardian_(loop, input_, notifier), since_(Clock::now()) {
    machine_.set_steps({&monitors_.step()});
    apply(config);
}

void Kvm::apply(const config::Config& config) {
    config_ = config;
    targets_.configure(config_, [this](core::TargetId target) { return in_use(target); });
    input_.configure(input_settings(config_, targets_));
    monitors_.configure(targets_, machine_.holder());
    audio_.update();
    come_home(seat_.set_when_locked(config_.daemon.when_locked), nullptr);
    for (const auto& warning : warnings()) {
        log("kvm").warn("{}", warning);
    }
}

void Kvm::activate(std::string_view name, const core::Origin& origin, SwitchDone done) {
    const auto target = targets_.find(name);
    if (!target) {
        done(fail(ErrorCode::NotFound,
                  "no target \"" + std::string(name) + "\" in the configuration"));
        return;
    }
    if (const auto obstacle = seat_.obstacle(); !obstacle.empty()) {
        done(fail(ErrorCode::Blocked, std::string(obstacle)));
        return;
    }
    if (machine_.target() != target || !activator_) {
        activator_ = origin.uid;
    }
    machine_.activate(*target, Clock::now(),
                      [this, done = std::move(done), target](Result<core::SwitchReport> result) {
                          if (result) {
                              result->target = targets_.settings(*target).name;
                          }
                          done(std::move(result));
                      });
}

void Kvm::deactivate(const core::Origin&, SwitchDone done) {
    machine_.deactivate(core::LeaveReason::Request, Clock::now(), std::move(done));
}

void Kvm::on_seat(const core::SeatState& state, Home home) {
    come_home(seat_.update(state), std::move(home));
}

void Kvm::on_lock_request() {
    come_home(seat_.on_lock_request(), nullptr);
}

void Kvm::come_home(std::optional<core::LeaveReason> reason, Home home) {
    if (!reason) {
        if (home) {
            home();
        }
        return;
    }
    machine_.deactivate(*reason, Clock::now(),
                        [this, home = std::move(home)](const Result<core::SwitchReport>&) {
                            if (home) {
                                monitors_.end_test(home);
                            }
                        });
    if (observer_ != nullptr) {
        observer_->on_called_home();
    }
}

void Kvm::reload(ReloadDone done) {
    notifier_.reloading();
    auto loaded = loader_();
    if (loaded) {
        apply(*loaded);
        log("kvm").info("configuration read again: {} targets", targets_.order().size());
        if (observer_ != nullptr) {
            observer_->on_targets_replaced();
            observer_->on_state_changed();
        }
    } else {
        log("kvm").error("configuration not taken over, the old one stays: {}",
                         loaded.error().message);
    }
    notifier_.ready();
    if (done) {
        done(loaded.map([](const auto&) {}));
    }
}

void Kvm::activate_default() {
    go_to(default_target());
}

void Kvm::shut_down(EventLoop::Callback done) {
    notifier_.stopping();
    machine_.deactivate(core::LeaveReason::Shutdown, Clock::now(),
                        [this, done = std::move(done)](const Result<core::SwitchReport>&) {
                            monitors_.end_test(done);
                        });
}

void Kvm::go_to(std::optional<core::TargetId> target) {
    if (!target) {
        log("kvm").warn("a hotkey asks for a VM, but no target is configured");
        return;
    }
    if (const auto obstacle = seat_.obstacle(); !obstacle.empty()) {
        log("kvm").info("not to {}: {}", targets_.settings(*target).name, obstacle);
        return;
    }
    activator_.reset();
    machine_.activate(*target, Clock::now(), nullptr);
}

std::optional<core::TargetId> Kvm::default_target() const {
    if (const auto last = targets_.find(last_used_)) {
        return last;
    }
    if (const auto configured = targets_.find(config_.daemon.default_target)) {
        return configured;
    }
    return targets_.order().empty() ? std::nullopt : std::optional(targets_.order().front());
}

std::optional<core::TargetId> Kvm::next_target() const {
    const auto& order = targets_.order();
    const auto current = machine_.target();
    const auto found = current ? std::find(order.begin(), order.end(), *current) : order.end();
    if (order.empty()) {
        return std::nullopt;
    }
    return found == order.end() || std::next(found) == order.end() ? order.front()
                                                                   : *std::next(found);
}

std::optional<core::TargetId> Kvm::last_target() const {
    const bool away = machine_.state() != SwitchState::Inactive;
    const auto found = targets_.find(away ? before_last_ : last_used_);
    return found ? found : default_target();
}

void Kvm::on_hotkey(const core::Hotkey& hotkey, bool begin) {
    const bool inactive =
        machine_.state() == SwitchState::Inactive || machine_.state() == SwitchState::Deactivating;
    switch (hotkey.action) {
    case HotkeyAction::Toggle:
        if (inactive) {
            go_to(default_target());
        } else {
            machine_.deactivate(core::LeaveReason::Hotkey, Clock::now(), nullptr);
        }
        return;
    case HotkeyAction::Home:
        machine_.deactivate(core::LeaveReason::Hotkey, Clock::now(), nullptr);
        return;
    case HotkeyAction::Target:
        go_to(hotkey.target);
        return;
    case HotkeyAction::Next:
        go_to(next_target());
        return;
    case HotkeyAction::Last:
        go_to(last_target());
        return;
    case HotkeyAction::Borrow:
        if (begin) {
            go_to(default_target());
        } else {
            machine_.deactivate(core::LeaveReason::Hotkey, Clock::now(), nullptr);
        }
        return;
    case HotkeyAction::LendMouse:
        input_.lend_pointers(begin);
        return;
    }
}

void Kvm::on_entered(std::uint32_t serial, const core::EnterReport& report) {
    entered_ = report;
    machine_.on_entered(serial, report, Clock::now());
}

void Kvm::on_enter_failed(std::uint32_t serial, const Error& error) {
    if (error.code != ErrorCode::Busy || !find_grabbers_) {
        machine_.on_enter_failed(serial, error, Clock::now());
        return;
    }
    // Nothing is grabbed, so there is time to ask; a way home meanwhile makes the answer void.
    find_grabbers_([this, serial, error](const std::vector<std::string>& units) {
        const Error named{error.code, error.message + "; " + diagnosis::name_grabbers(units)};
        machine_.on_enter_failed(serial, named, Clock::now());
    });
}

void Kvm::on_left(const core::LeaveReport& report) {
    machine_.on_left(report, Clock::now());
}

void Kvm::on_guest_lost(core::TargetId target) {
    targets_.input_lost(target);
}

void Kvm::on_guest_input(core::TargetId target, std::unique_ptr<core::GuestInput> input) {
    input_.add_guest(target, std::move(input));
}

void Kvm::on_guest_connected(core::TargetId target) {
    machine_.on_guest_connected(target, Clock::now());
}

void Kvm::on_guest_connect_failed(core::TargetId target, const Error& error) {
    machine_.on_guest_connect_failed(target, error, Clock::now());
}

void Kvm::on_guest_disconnected(core::TargetId target, const Error&) {
    input_.remove_guest(target);
}

void Kvm::on_target_status(core::TargetId target) {
    audio_.update();
    if (observer_ != nullptr) {
        observer_->on_target_changed(targets_.settings(target).name);
    }
}

bool Kvm::in_use(core::TargetId target) const {
    return machine_.target() == target || machine_.holder() == target;
}

void Kvm::on_target_retired(core::TargetId target) {
    if (in_use(target)) {
        machine_.deactivate(core::LeaveReason::Reload, Clock::now(), nullptr);
    }
}

void Kvm::on_switch_state() {
    const SwitchState state = machine_.state();
    // From the command to grab until the last ungrab; renewing for longer does no harm.
    guardian_.hold(state != SwitchState::Inactive);
    if (state != std::exchange(shown_state_, state)) {
        since_ = Clock::now();
        const auto target = machine_.target();
        const std::string name = target ? targets_.settings(*target).name : std::string();
        log("kvm").info("{}{}{}", to_string(state), name.empty() ? "" : ": ", name);
        notifier_.status(name.empty() ? std::string(to_string(state))
                                      : std::string(to_string(state)) + ": " + name);
    }
    if (state == SwitchState::Inactive) {
        activator_.reset();
    }
    if (observer_ != nullptr) {
        observer_->on_state_changed();
    }
}

void Kvm::on_switch_finished(core::TargetId target, const core::SwitchReport& report) {
    core::SwitchReport named = report;
    named.target = targets_.settings(target).name;
    if (!report.left) {
        ++activations_;
        last_error_.clear();
        if (named.target != last_used_) {
            before_last_ = std::exchange(last_used_, named.target);
        }
    } else if (*report.left == core::LeaveReason::Failed) {
        ++activations_failed_;
        last_error_ = failure_of(named);
        log("kvm").error("could not switch to {}: {}", named.target, last_error_);
    } else {
        ++deactivations_;
        last_error_.clear();
        log("kvm").info("home from {}: {}", named.target, to_string(*report.left));
    }
    loop_.defer(
        [this] { targets_.drop_retired([this](core::TargetId id) { return in_use(id); }); });
    if (observer_ != nullptr) {
        observer_->on_switch_finished(named);
        observer_->on_state_changed();
    }
    if (report.left && *report.left != core::LeaveReason::Failed && home_) {
        loop_.defer(home_);
    }
}

std::vector<std::string> Kvm::warnings() const {
    std::vector<std::string> list;
    if (targets_.order().empty()) {
        list.emplace_back(
            "no target is configured, so there is nothing to switch to: write a [[target]] to "
            "/etc/spicykvm/config.toml, then: spicykvmctl reload");
    } else if (config::hotkey_table(config_).hotkeys.empty()) {
        list.emplace_back(
            "no hotkey is configured: keyboard and mouse come home by spicykvmctl, D-Bus or "
            "Backspace+Escape+Enter alone");
    }
    for (const auto target : targets_.order()) {
        if (const auto status = targets_.status(target); status.insecure) {
            list.push_back("target " + status.name + ": keys travel unencrypted to " + status.uri +
                           " (insecure = true)");
        }
    }
    return list;
}

core::StatusSnapshot Kvm::status() const {
    core::StatusSnapshot snapshot{.state = machine_.state(),
                                  .active_target = {},
                                  .default_target = {},
                                  .since = since_,
                                  .activator = activator_,
                                  .last_error = last_error_,
                                  .blocked = std::string(seat_.obstacle()),
                                  .warnings = warnings(),
                                  .targets = {}};
    if (const auto target = machine_.target()) {
        snapshot.active_target = targets_.settings(*target).name;
    }
    if (const auto target = default_target()) {
        snapshot.default_target = targets_.settings(*target).name;
    }
    for (const auto target : targets_.order()) {
        snapshot.targets.push_back(targets_.status(target));
    }
    for (const auto& device : input_.devices()) {
        snapshot.keyboards_grabbed += device.grabbed && device.keyboard ? 1U : 0U;
        snapshot.pointers_grabbed += device.grabbed && device.pointer ? 1U : 0U;
    }
    return snapshot;
}

std::vector<core::DeviceStatus> Kvm::devices() const {
    return input_.devices();
}

core::Metrics Kvm::metrics() const {
    core::Metrics metrics = to_metrics(input_.metrics());
    metrics.activations = activations_;
    metrics.activations_failed = activations_failed_;
    metrics.deactivations = deactivations_;
    metrics.connections = targets_.connections();
    metrics.connections_lost = targets_.connections_lost();
    return metrics;
}

} // namespace spicykvm
