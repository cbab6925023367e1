// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/environment.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::ctl {

/// What was asked for after the name of a command.
struct Arguments {
    std::vector<std::string> words;
    bool json = false;
    bool watch = false;
    bool names = false;
    std::string seconds; ///< as written; empty: not given
};

/// One command of spicykvmctl. Help, the check of the arguments and the dispatch come from here.
struct Verb {
    std::string_view name;
    std::string_view
        arguments; ///< "DISPLAY": a word; "[TARGET]": one that may be missing, "[TARGET...]": or
                   ///< several; "[--json]": a flag; "[--seconds=N]": one with a value
    std::string_view summary;
    int (*run)(const Arguments& arguments, Environment& environment);
};

[[nodiscard]] std::span<const Verb> verbs() noexcept;

/// One word of Verb::arguments.
struct Argument {
    std::string_view name;  ///< "DISPLAY", "--seconds"
    std::string_view value; ///< of a flag: "N"; empty: it has none
    bool flag = false;
    bool needed = false;
    bool many = false;
};
[[nodiscard]] std::vector<Argument> arguments_of(const Verb& verb);

/// A flag that one or more verbs have.
struct Flag {
    std::string_view name;
    std::string_view value; ///< as of Argument
    std::string_view meaning;
};
[[nodiscard]] std::span<const Flag> flags() noexcept;

} // namespace spicykvm::ctl
