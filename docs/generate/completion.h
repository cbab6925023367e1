// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Completion for shells, from the programs' tables. The script for spicykvmctl completes commands,
// their words and flags; targets are asked of the daemon, and displays of the kernel, when a key
// is pressed. Those for the other programs complete options and the words that these allow.
#pragma once

#include "generate/programs.h"

#include <string>

namespace spicykvm::docs {

[[nodiscard]] std::string bash_completion(const Program& program);
[[nodiscard]] std::string zsh_completion(const Program& program);
[[nodiscard]] std::string fish_completion(const Program& program);

} // namespace spicykvm::docs
