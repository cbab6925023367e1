// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The words for states and reasons: one place for the log, D-Bus and the command.
#include "core/guest_port.h"
#include "core/input_port.h"

namespace spicykvm::core {

std::string_view to_string(LeaveReason reason) noexcept {
    switch (reason) {
    case LeaveReason::Request:
        return "request";
    case LeaveReason::Hotkey:
        return "hotkey";
    case LeaveReason::PanicChord:
        return "panic-chord";
    case LeaveReason::GuestLost:
        return "guest-lost";
    case LeaveReason::GuestStalled:
        return "guest-stalled";
    case LeaveReason::NoDevice:
        return "no-device";
    case LeaveReason::LeaseMissed:
        return "lease-missed";
    case LeaveReason::Shutdown:
        return "shutdown";
    case LeaveReason::Session:
        return "session";
    case LeaveReason::Locked:
        return "locked";
    case LeaveReason::Suspend:
        return "suspend";
    case LeaveReason::HostShutdown:
        return "host-shutdown";
    case LeaveReason::Reload:
        return "reload";
    case LeaveReason::Failed:
        return "failed";
    }
    return "failed";
}

std::string_view to_string(ConnectionState state) noexcept {
    switch (state) {
    case ConnectionState::Disconnected:
        return "disconnected";
    case ConnectionState::Connecting:
        return "connecting";
    case ConnectionState::Connected:
        return "connected";
    case ConnectionState::Waiting:
        return "waiting";
    case ConnectionState::TakenOver:
        return "taken-over";
    }
    return "disconnected";
}

} // namespace spicykvm::core
