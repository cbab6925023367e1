// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"

#include <string>
#include <utility>
#include <vector>

namespace spicykvm::test {

/// A switch that does at once what it is asked for, or holds it until finish().
class FakeControlPort final : public core::ControlPort {
  public:
    struct Held {
        std::string target; ///< empty: on the way home
        SwitchDone done;
    };

    core::StatusSnapshot snapshot;
    std::vector<core::DeviceStatus> known_devices;
    core::Metrics counters;
    std::vector<std::string> asked; ///< "activate win11 by 1000", "deactivate by 0", "reload"
    std::vector<Held> held;
    bool hold = false;
    std::optional<Error> failure; ///< what the next requests end with
    core::ControlObserver* observer = nullptr;

    explicit FakeControlPort(const std::vector<std::string>& targets) {
        for (const auto& name : targets) {
            core::TargetStatus target;
            target.name = name;
            snapshot.targets.push_back(target);
        }
        snapshot.default_target = targets.empty() ? "" : targets.front();
    }

    void activate(std::string_view target, const core::Origin& origin, SwitchDone done) override {
        asked.push_back("activate " + std::string(target) + by(origin));
        if (hold) {
            set_state(core::SwitchState::Activating, std::string(target), origin.uid);
            held.push_back({std::string(target), std::move(done)});
        } else {
            finish({std::string(target), std::move(done)}, origin.uid);
        }
    }

    void deactivate(const core::Origin& origin, SwitchDone done) override {
        asked.push_back("deactivate" + by(origin));
        for (auto& waiting : std::exchange(held, {})) {
            waiting.done(fail(ErrorCode::Cancelled, "called home"));
        }
        finish({{}, std::move(done)}, {});
    }

    void reload(ReloadDone done) override {
        asked.emplace_back("reload");
        done(failure ? Result<void>(tl::make_unexpected(*failure)) : Result<void>());
    }

    void finish(Held request, std::optional<uid_t> uid) {
        if (failure) {
            set_state(core::SwitchState::Inactive, {}, {});
            request.done(tl::make_unexpected(*failure));
            return;
        }
        core::SwitchReport report;
        report.target = request.target.empty() ? snapshot.active_target : request.target;
        if (request.target.empty()) {
            report.left = core::LeaveReason::Request;
            set_state(core::SwitchState::Inactive, {}, {});
        } else {
            report.steps.push_back({"connect", core::StepOutcome::Ok, {}});
            report.steps.push_back({"input", core::StepOutcome::Retried, "a key was held"});
            set_state(core::SwitchState::Active, request.target, uid);
        }
        if (observer != nullptr) {
            observer->on_switch_finished(report);
        }
        request.done(report);
    }

    void set_state(core::SwitchState state, std::string target, std::optional<uid_t> activator) {
        snapshot.state = state;
        snapshot.active_target = std::move(target);
        snapshot.activator = activator;
        if (observer != nullptr) {
            observer->on_state_changed();
        }
    }

    [[nodiscard]] core::StatusSnapshot status() const override { return snapshot; }
    [[nodiscard]] std::vector<core::DeviceStatus> devices() const override { return known_devices; }
    [[nodiscard]] core::Metrics metrics() const override { return counters; }
    void observe(core::ControlObserver* new_observer) override { observer = new_observer; }

  private:
    static std::string by(const core::Origin& origin) {
        return " by " + (origin.uid ? std::to_string(*origin.uid) : "nobody");
    }
};

} // namespace spicykvm::test
