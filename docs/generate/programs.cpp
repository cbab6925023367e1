// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/programs.h"

#include "config/options.h"
#include "ctl/command.h"
#include "ctl/exit_code.h"
#include "session/options.h"

namespace spicykvm::docs {

const std::vector<Program>& programs() {
    static const std::vector<Program> kPrograms{
        {"spicykvmd", config::describe_options(), config::kExitTexts},
        {"spicykvm-session", session::describe_options(), session::kExitTexts},
        {"spicykvmctl", ctl::describe_options(), ctl::kExitTexts},
    };
    return kPrograms;
}

} // namespace spicykvm::docs
