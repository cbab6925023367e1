// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "base/option_text.h"

#include <array>
#include <spdlog/common.h>
#include <string>
#include <variant>
#include <vector>

namespace spicykvm::session {

// Exit codes of spicykvm-session, as spicykvmd's.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2; ///< the command line is wrong
/// The same, for people.
inline constexpr std::array kExitTexts{ExitText{kExitOk, "done"}, ExitText{kExitFailed, "failed"},
                                       ExitText{kExitUsage, "the command line is wrong"}};

/// The command line of spicykvm-session.
struct Options {
    BusKind bus = BusKind::System;
    spdlog::level::level_enum log_level = spdlog::level::info;
    bool inhibits_idle = true; ///< keeps the host awake while keyboard and mouse are in a VM
};

/// Nothing is to be run: a text for stdout (--help, --version) or one line for stderr.
struct Exit {
    int code = kExitOk;
    std::string out;
    std::string err;
};

[[nodiscard]] std::variant<Options, Exit> parse_options(int argc, const char* const* argv);

/// The options, as parse_options() takes them.
[[nodiscard]] std::vector<OptionText> describe_options();

} // namespace spicykvm::session
