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

struct Words {
    std::string bus = "system";
    std::string level = "info";
    bool lets_idle = false;
};

void add_options(CLI::App& app, Words& words) {
    std::vector<std::string> levels;
    for (const auto& [word, value] : kLevels) {
        levels.emplace_back(word);
    }
    app.footer(exit_line(kExitTexts));
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_version_flag("--version", "spicykvm-session " SPICYKVM_VERSION,
                         "Print the version and exit");
    app.add_option("--bus", words.bus, "The message bus that spicykvmd is on [system]")
        ->check(CLI::IsMember({"system", "session"}))
        ->type_name("BUS");
    app.add_option("--log-level", words.level, "How much to log [info]")
        ->check(CLI::IsMember(levels))
        ->type_name("LEVEL");
    app.add_flag("--no-idle-inhibitor", words.lets_idle,
                 "Let the host blank, lock and suspend while keyboard and mouse are in a VM");
}

/// CLI11's message, on one line.
std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return "spicykvm-session: " + text + " (see spicykvm-session --help)\n";
}

} // namespace

std::variant<Options, Exit> parse_options(int argc, const char* const* argv) {
    Words words;
    CLI::App app("The sound of the VMs in the user's session: plays it and records for it, by "
                 "PipeWire. What is wanted is in spicykvmd's configuration.",
                 "spicykvm-session");
    add_options(app, words);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Exit{kExitOk, app.help(), {}};
    } catch (const CLI::CallForVersion&) {
        return Exit{kExitOk, "spicykvm-session " SPICYKVM_VERSION "\n", {}};
    } catch (const CLI::ParseError& error) {
        return Exit{kExitUsage, {}, one_line(error.what())};
    }
    return Options{words.bus == "session" ? BusKind::Session : BusKind::System,
                   level_of(words.level), !words.lets_idle};
}

std::vector<OptionText> describe_options() {
    Words words;
    CLI::App app;
    add_options(app, words);
    return option_texts(app);
}

} // namespace spicykvm::session
