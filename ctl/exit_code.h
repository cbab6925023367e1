// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/option_text.h"

#include <array>

namespace spicykvm::ctl {

/// What a script may rely on; docs/spicykvmctl.md says the same.
enum ExitCode : int {
    kOk = 0,
    kFailed = 1,        ///< the daemon said why
    kUsage = 2,         ///< the command line is wrong
    kNotRunning = 3,    ///< no daemon, or no message bus
    kNotAuthorised = 4, ///< polkit, or the bus, says no
    kBadTarget = 5,     ///< no such target, or the configuration is wrong
    kGuest = 6,         ///< the VM or the monitor is not reachable, or refused
    kUnwell = 7,        ///< doctor found something wrong
};

/// The same, for people.
inline constexpr std::array kExitTexts{
    ExitText{kOk, "done"},
    ExitText{kFailed, "failed"},
    ExitText{kUsage, "the command line is wrong"},
    ExitText{kNotRunning, "spicykvmd is not running"},
    ExitText{kNotAuthorised, "not authorised"},
    ExitText{kBadTarget, "the target or the configuration is wrong"},
    ExitText{kGuest, "the VM or the monitor is not reachable or refused"},
    ExitText{kUnwell, "doctor found something wrong"},
};

} // namespace spicykvm::ctl
