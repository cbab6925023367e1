// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/option_text.h"
#include "ctl/verbs.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spicykvm::ctl {

struct Command {
    const Verb* verb = nullptr;
    Arguments arguments;
    bool session_bus = false;
};

/// Nothing is to be run: a text for stdout, or one line for stderr.
struct Exit {
    int code = 0;
    std::string out;
    std::string err;
};

/// Reads the command line without the program's name. `default_bus` is $SPICYKVM_BUS, if set.
[[nodiscard]] std::variant<Command, Exit>
parse_command(const std::vector<std::string>& words, const std::optional<std::string>& default_bus);

/// The options that every command has.
[[nodiscard]] std::vector<OptionText> describe_options();

} // namespace spicykvm::ctl
