// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/environment.h"
#include "ctl/exit_code.h"
#include "ctl/failures.h"
#include "ctl/text.h"

#include <csignal>
#include <optional>
#include <string>

namespace spicykvm::ctl {

/// Says on stderr why `what` failed; gives the exit code.
inline int fail(Environment& environment, const std::string& what, const CallError& error) {
    const bool may_have_unit =
        is_absence(error) && !environment.session_bus && environment.machine.daemon_unit;
    const auto unit = may_have_unit ? environment.machine.daemon_unit() : std::nullopt;
    environment.err << "spicykvmctl: "
                    << (unit ? one_line(diagnosis::explain(*unit))
                             : describe(what, error, environment.session_bus))
                    << '\n';
    return exit_code(error);
}

/// Why a call would only wait: the bus starts the daemon for it, which ends by itself again and
/// again. One that was killed is there again in a moment.
inline std::optional<std::string> failing_start(const Environment& environment, Daemon& daemon) {
    if (environment.session_bus || !environment.machine.daemon_unit || daemon.is_running()) {
        return std::nullopt;
    }
    const auto unit = environment.machine.daemon_unit();
    const bool fails = unit && unit->sub == "auto-restart" && unit->exit_code == CLD_EXITED;
    return fails ? std::optional(diagnosis::explain(*unit)) : std::nullopt;
}

/// Connects, makes one call, and shows what it gave.
template <typename Call, typename Show>
int ask(Environment& environment, const std::string& what, Call call, Show show) {
    const auto daemon = environment.connect();
    if (!daemon) {
        return fail(environment, what, daemon.error());
    }
    if (const auto why = failing_start(environment, **daemon)) {
        environment.err << "spicykvmctl: " << one_line(*why) << '\n';
        return kNotRunning;
    }
    const auto answer = call(**daemon);
    if (!answer) {
        return fail(environment, what, answer.error());
    }
    show(answer);
    return kOk;
}

template <typename Call>
int act(Environment& environment, const std::string& what, Call call) {
    return ask(environment, what, call, [](const auto&) {});
}

} // namespace spicykvm::ctl
