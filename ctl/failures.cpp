// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/failures.h"

#include "ctl/text.h"
#include "spicykvm-dbus/names.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace spicykvm::ctl {

namespace {

struct Failure {
    std::string_view name;
    ExitCode code;
    std::string_view advice; ///< what to do; may be empty
};

constexpr std::string_view kAskFor = "try it with sudo, or from the active session";
constexpr std::string_view kVersions = "another version of spicykvmd is running: restart it";

constexpr std::array kFailures{
    Failure{kNoBus, kNotRunning, ""},
    Failure{"org.freedesktop.DBus.Error.ServiceUnknown", kNotRunning, ""},
    Failure{"org.freedesktop.DBus.Error.NameHasNoOwner", kNotRunning, ""},
    Failure{"org.freedesktop.DBus.Error.Disconnected", kNotRunning, ""},
    Failure{"org.freedesktop.DBus.Error.TimedOut", kNotRunning, ""}, // the bus's start of it
    Failure{dbus::kErrorAccessDenied, kNotAuthorised, kAskFor},
    Failure{dbus::kErrorInteractionRequired, kNotAuthorised, kAskFor},
    Failure{"org.freedesktop.DBus.Error.NoReply", kFailed, "see journalctl -u spicykvmd"},
    Failure{"org.freedesktop.DBus.Error.Timeout", kFailed, "see journalctl -u spicykvmd"},
    Failure{dbus::kErrorInvalidArgs, kFailed, kVersions},
    Failure{"org.freedesktop.DBus.Error.UnknownMethod", kFailed, kVersions},
    Failure{"org.freedesktop.DBus.Error.UnknownInterface", kFailed, kVersions},
    Failure{"org.freedesktop.DBus.Error.UnknownObject", kFailed, kVersions},
    Failure{"org.spicykvm.Error.InvalidArgument", kBadTarget, ""},
    Failure{"org.spicykvm.Error.NotFound", kBadTarget,
            "see spicykvmctl targets, devices and displays"},
    // The daemon's own messages say what to do about the VM, or the monitor.
    Failure{"org.spicykvm.Error.WrongPassword", kGuest, ""},
    Failure{"org.spicykvm.Error.Unreachable", kGuest, ""},
    Failure{"org.spicykvm.Error.Timeout", kGuest, ""},
    Failure{"org.spicykvm.Error.Disconnected", kGuest, ""},
    Failure{"org.spicykvm.Error.WrongPeer", kGuest, ""},
    Failure{"org.spicykvm.Error.NotSupported", kGuest, ""},
    Failure{"org.spicykvm.Error.Protocol", kGuest, ""},
};

const Failure* find(const CallError& error) noexcept {
    const auto* found = std::find_if(kFailures.begin(), kFailures.end(),
                                     [&](const Failure& f) { return f.name == error.name; });
    return found == kFailures.end() ? nullptr : found;
}

/// The bus was to start the daemon and could not.
bool is_start_failure(std::string_view name) noexcept {
    return name.starts_with("org.freedesktop.DBus.Error.Spawn.") ||
           name.starts_with("org.freedesktop.systemd1.");
}

/// Said by the bus itself (dbus-daemon, dbus-broker), for want of a policy that allows the call.
bool is_refused_by_bus(const CallError& error) noexcept {
    return error.name == dbus::kErrorAccessDenied &&
           (error.message.starts_with("Rejected send message") ||
            error.message.starts_with("Sender is not authorized to send message"));
}

/// Each line for itself made harmless.
std::string lines_of(std::string_view message) {
    std::string text;
    while (!message.empty()) {
        const std::size_t end = std::min(message.find('\n'), message.size());
        text += (text.empty() ? "" : "\n") + one_line(message.substr(0, end));
        message.remove_prefix(std::min(end + 1, message.size()));
    }
    return text;
}

} // namespace

ExitCode exit_code(const CallError& error) noexcept {
    const Failure* failure = find(error);
    if (failure != nullptr) {
        return failure->code;
    }
    return is_start_failure(error.name) ? kNotRunning : kFailed;
}

bool is_absence(const CallError& error) noexcept {
    return exit_code(error) == kNotRunning && error.name != kNoBus;
}

std::string describe(const std::string& what, const CallError& error, bool session_bus) {
    if (is_absence(error)) {
        return session_bus ? "spicykvmd is not running on the session bus: spicykvmd --bus session"
                           : "spicykvmd is not running: systemctl start spicykvmd";
    }
    if (is_refused_by_bus(error)) {
        return one_line(what + ": the message bus lets nobody talk to spicykvmd: it has not loaded "
                               "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf: systemctl "
                               "reload dbus");
    }
    if (error.message.find('\n') != std::string::npos) {
        return what + ":\n" + lines_of(error.message);
    }
    const Failure* failure = find(error);
    std::string line = what + ": " + (error.message.empty() ? error.name : error.message);
    if (failure != nullptr && !failure->advice.empty()) {
        line += "; " + std::string(failure->advice);
    }
    return one_line(line);
}

} // namespace spicykvm::ctl
