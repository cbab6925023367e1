// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/inhibitor.h"

#include "base/log.h"

#include <utility>

namespace spicykvm::session {

void Inhibitor::want(bool wanted) {
    if (std::exchange(wanted_, wanted) == wanted) {
        return;
    }
    if (wanted && state_ == State::Idle) {
        state_ = State::Asked;
        ask();
    } else if (!wanted && state_ == State::Held) {
        state_ = State::Idle;
        let_go();
    }
}

void Inhibitor::granted() {
    log("session").debug("{} keeps the screen on", name_);
    state_ = State::Held;
    if (!wanted_) {
        state_ = State::Idle;
        let_go();
    }
}

void Inhibitor::refused(const std::string& why) {
    state_ = State::Idle;
    log("session").log(
        std::exchange(complained_, true) ? spdlog::level::debug : spdlog::level::info,
        "{} does not keep the screen on while a VM is active: {}; going on without", name_, why);
}

} // namespace spicykvm::session
