// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace spicykvm::ctl {

/// Where spicykvmd may be, best first: beside this program, in the build tree, then on PATH.
[[nodiscard]] std::vector<std::string> daemon_candidates(const std::string& own_directory);

/// Runs a program with this one's output; its exit code. `argv[0]` without a slash is looked for on
/// PATH.
[[nodiscard]] Result<int> run_program(const std::vector<std::string>& argv);

} // namespace spicykvm::ctl
