// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"
#include "ctl/exit_code.h"

#include <string>

namespace spicykvm::ctl {

[[nodiscard]] ExitCode exit_code(const CallError& error) noexcept;

/// There is a message bus, and no daemon on it.
[[nodiscard]] bool is_absence(const CallError& error) noexcept;

/// One line: what was wanted, why it failed, what to do about it. A configuration with several
/// errors has them all, a line each.
[[nodiscard]] std::string describe(const std::string& what, const CallError& error,
                                   bool session_bus);

} // namespace spicykvm::ctl
