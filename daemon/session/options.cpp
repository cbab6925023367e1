// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/options.h"

#include <algorithm>
#include <array>
#include <CLI/CLI.hpp>
#include <string_view>
#include <utility>

namespace spicykvm::session {

namespace {

constexpr std::array<std::pair<const char*, spdlog::level::level_enum>, 5> kLevels{
    {{"error", spdlog::level::err},
     {"warn", spdlog::level::warn},
     {"info", spdlog::level::info},
     {"debug", spdlog::level::debug},
     {"trace", spdlog::level::trace}}};

spdlog::level::level_enum level_of(const std::string& word) {
    const auto* const found = std::find_if(kLevels.begin(), kLevels.end(),
                                           [&](const auto& level) { return word == level.first; });
    return found == kLevels.end() ? spdlog::level::info : found->second;
}

/// CLI11's message, on one line.
std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return "spicykvm-session: " + text + "; see --help\n";
}

} // namespace

std::variant<Options, Exit> parse_options(int argc, const char* const* argv) {
    std::string bus = "system";
    std::string level = "info";
    std::vector<std::string> levels;
    for (const auto& [word, value] : kLevels) {
        levels.emplace_back(word);
    }
    CLI::App app("The sound of the VMs in the user's session: plays it and records for it, by "
                 "PipeWire. What is wanted is in spicykvmd's configuration.",
                 "spicykvm-session");
    app.footer("Exit codes: 0 done, 1 failed, 2 the command line is wrong.");
    app.add_option("--bus", bus, "Where spicykvmd is: system or session")
        ->check(CLI::IsMember({"system", "session"}))
        ->type_name("BUS");
    app.add_option("--log-level", level, "How much to log: error, warn, info, debug, trace")
        ->check(CLI::IsMember(levels))
        ->type_name("LEVEL");
    bool lets_idle = false;
    app.add_flag("--no-idle-inhibitor", lets_idle,
                 "Let the host blank, lock and suspend while keyboard and mouse are in a VM");
    app.set_version_flag("--version", "spicykvm-session " SPICYKVM_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Exit{kExitOk, app.help(), {}};
    } catch (const CLI::CallForVersion&) {
        return Exit{kExitOk, "spicykvm-session " SPICYKVM_VERSION "\n", {}};
    } catch (const CLI::ParseError& error) {
        return Exit{kExitUsage, {}, one_line(error.what())};
    }
    return Options{bus == "session" ? BusKind::Session : BusKind::System, level_of(level),
                   !lets_idle};
}

} // namespace spicykvm::session
