// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/changes.h"

#include <algorithm>

namespace spicykvm::ctl {

void ChangeReporter::update(const Status& status) {
    const StateEvent state{status.state, status.active_target, status.last_error};
    if (running_ == false) {
        on_event_(DaemonEvent{true});
    }
    if (running_ != true || !(state == state_)) {
        on_event_(state);
    }
    for (const Target& target : status.targets) {
        if (std::find(targets_.begin(), targets_.end(), target) == targets_.end()) {
            on_event_(TargetEvent{target});
        }
    }
    for (const Target& target : targets_) {
        const auto same = [&](const Target& now) { return now.name == target.name; };
        if (std::none_of(status.targets.begin(), status.targets.end(), same)) {
            on_event_(TargetGoneEvent{target.name});
        }
    }
    running_ = true;
    state_ = state;
    targets_ = status.targets;
}

void ChangeReporter::gone() {
    if (running_ != false) {
        on_event_(DaemonEvent{false});
    }
    running_ = false;
}

} // namespace spicykvm::ctl
