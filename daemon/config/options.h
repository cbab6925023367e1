// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "base/option_text.h"
#include "config/config.h"
#include "config/diagnostics.h"

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spicykvm::config {

/// Exit codes of spicykvmd.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;  ///< the command line is wrong
inline constexpr int kExitConfig = 5; ///< the configuration is wrong
/// The same, for people.
inline constexpr std::array kExitTexts{ExitText{kExitOk, "done"}, ExitText{kExitFailed, "failed"},
                                       ExitText{kExitUsage, "the command line is wrong"},
                                       ExitText{kExitConfig, "the configuration is wrong"}};

/// What the command line says about the configuration; put over the files by load().
struct Overlay {
    std::optional<TargetConfig> target; ///< named "default"
    HotkeyList toggle;
    HotkeyList home;
    std::optional<DeviceSelection> devices;
    std::optional<spdlog::level::level_enum> log_level;
};

/// The command line of spicykvmd.
struct Options {
    std::optional<std::string> file; ///< --config: only this file is read
    BusKind bus = BusKind::System;
    bool check = false;    ///< validate and exit
    bool activate = false; ///< once, right after the start
    bool oneshot = false;  ///< exit after the first switch home
    Overlay overlay;
    std::vector<Diagnostic> warnings; ///< to be shown with those of the files
};

/// Nothing is to be run: a text for stdout (--help, --version) or one line for stderr.
struct Exit {
    int code = kExitOk;
    std::string out;
    std::string err;
};

/// Reads the command line. A password in it is overwritten in `argv`, so that ps shows it no more.
[[nodiscard]] std::variant<Options, Exit> parse_options(int argc, char** argv);

/// The options, as parse_options() takes them.
[[nodiscard]] std::vector<OptionText> describe_options();

} // namespace spicykvm::config
