// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::session {

namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::variant<Options, Exit> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "spicykvm-session");
    return parse_options(static_cast<int>(words.size()), words.data());
}

TEST(SessionOptions, DefaultToTheSystemBus) {
    const auto options = std::get<Options>(parse({}));
    EXPECT_EQ(options.bus, BusKind::System);
    EXPECT_EQ(options.log_level, spdlog::level::info);
    EXPECT_TRUE(options.inhibits_idle);
}

TEST(SessionOptions, AreTaken) {
    const auto options = std::get<Options>(parse({"--bus", "session", "--log-level=trace"}));
    EXPECT_EQ(options.bus, BusKind::Session);
    EXPECT_EQ(options.log_level, spdlog::level::trace);
}

TEST(SessionOptions, MayLetTheHostBlank) {
    EXPECT_FALSE(std::get<Options>(parse({"--no-idle-inhibitor"})).inhibits_idle);
}

TEST(SessionOptions, EveryLevelHasItsWord) {
    const std::vector<std::pair<const char*, spdlog::level::level_enum>> levels = {
        {"error", spdlog::level::err},
        {"warn", spdlog::level::warn},
        {"info", spdlog::level::info},
        {"debug", spdlog::level::debug}};
    for (const auto& [word, level] : levels) {
        EXPECT_EQ(std::get<Options>(parse({"--log-level", word})).log_level, level) << word;
    }
}

TEST(SessionOptions, HelpAndVersionGoToStdout) {
    const auto help = std::get<Exit>(parse({"--help"}));
    EXPECT_EQ(help.code, kExitOk);
    EXPECT_THAT(help.out, HasSubstr("--log-level"));
    EXPECT_THAT(help.out, HasSubstr("Exit codes"));
    const auto version = std::get<Exit>(parse({"--version"}));
    EXPECT_EQ(version.code, kExitOk);
    EXPECT_EQ(version.out, "spicykvm-session " SPICYKVM_VERSION "\n");
    EXPECT_EQ(version.err, "");
}

TEST(SessionOptions, MistakesAreOneLineOnStderr) {
    for (const auto& words : std::vector<std::vector<const char*>>{
             {"--bus", "tram"}, {"--log-level"}, {"--loud"}, {"word"}}) {
        const auto exit = std::get<Exit>(parse(words));
        EXPECT_EQ(exit.code, kExitUsage);
        EXPECT_EQ(exit.out, "");
        EXPECT_THAT(exit.err, StartsWith("spicykvm-session: "));
        EXPECT_EQ(exit.err.find('\n'), exit.err.size() - 1);
    }
}

} // namespace

} // namespace spicykvm::session
