// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/seat_policy.h"

namespace spicykvm::core {

namespace {

bool is_another_session(const SeatState& before, const SeatState& now) {
    if (!before.known || !now.known) {
        return false;
    }
    return before.session.has_value() != now.session.has_value() ||
           (before.session && before.session->id != now.session->id);
}

} // namespace

std::optional<LeaveReason> SeatPolicy::update(const SeatState& now) {
    const bool changed = is_another_session(state_, now);
    state_ = now;
    if (const auto obstacle = find();
        obstacle && !(changed && obstacle->reason == LeaveReason::Locked)) {
        return obstacle->reason;
    }
    return changed ? std::optional(LeaveReason::Session) : std::nullopt;
}

std::optional<LeaveReason> SeatPolicy::set_when_locked(WhenLocked when_locked) {
    when_locked_ = when_locked;
    const auto obstacle = find();
    return obstacle ? std::optional(obstacle->reason) : std::nullopt;
}

std::optional<LeaveReason> SeatPolicy::on_lock_request() const {
    return when_locked_ == WhenLocked::Deny ? std::optional(LeaveReason::Locked) : std::nullopt;
}

std::string_view SeatPolicy::obstacle() const {
    const auto obstacle = find();
    return obstacle ? obstacle->text : std::string_view();
}

std::optional<SeatPolicy::Obstacle> SeatPolicy::find() const {
    if (state_.shutting_down) {
        return Obstacle{LeaveReason::HostShutdown, "the host is shutting down"};
    }
    if (state_.suspending) {
        return Obstacle{LeaveReason::Suspend, "the host is going to sleep, or waking up"};
    }
    return find_in_session();
}

std::optional<SeatPolicy::Obstacle> SeatPolicy::find_in_session() const {
    using Lock = SeatSession::Lock;
    if (!state_.session) {
        return std::nullopt;
    }
    const SeatSession& session = *state_.session;
    if (state_.only_for && session.uid && session.uid != state_.only_for) {
        return Obstacle{LeaveReason::Session, "the seat's active session is another user's"};
    }
    if (when_locked_ == WhenLocked::Allow) {
        return std::nullopt;
    }
    switch (session.lock) {
    case Lock::Unknown:
        return Obstacle{LeaveReason::Locked,
                        "the seat's session has just become active, and may be locked"};
    case Lock::Open:
        return std::nullopt;
    case Lock::Locked:
        return Obstacle{LeaveReason::Locked,
                        "the host is locked; unlock it first (or set when_locked = \"allow\")"};
    case Lock::LoginScreen:
        return Obstacle{
            LeaveReason::Locked,
            "the host shows its login screen; log in first (or set when_locked = \"allow\")"};
    }
    return std::nullopt;
}

} // namespace spicykvm::core
