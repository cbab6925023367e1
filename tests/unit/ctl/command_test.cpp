// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/command.h"
#include "ctl/exit_code.h"

#include <gmock/gmock.h>
#include <sstream>

namespace spicykvm::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Command command(const std::vector<std::string>& words,
                const std::optional<std::string>& bus = std::nullopt) {
    const auto parsed = parse_command(words, bus);
    if (const auto* exit = std::get_if<Exit>(&parsed)) {
        ADD_FAILURE() << exit->err;
        return {&verbs()[0], {}, false};
    }
    return std::get<Command>(parsed);
}

std::string refused(const std::vector<std::string>& words,
                    const std::optional<std::string>& bus = std::nullopt) {
    const auto parsed = parse_command(words, bus);
    const auto* exit = std::get_if<Exit>(&parsed);
    if (exit == nullptr) {
        return "accepted";
    }
    EXPECT_EQ(exit->code, kUsage);
    EXPECT_EQ(exit->out, "");
    EXPECT_EQ(std::count(exit->err.begin(), exit->err.end(), '\n'), 1);
    return exit->err;
}

TEST(Command, FindsEveryVerb) {
    for (const Verb& verb : verbs()) {
        const std::string name(verb.name);
        const std::size_t space = name.find(' ');
        std::vector<std::string> words =
            space == std::string::npos
                ? std::vector<std::string>{name}
                : std::vector<std::string>{name.substr(0, space), name.substr(space + 1)};
        std::istringstream arguments{std::string(verb.arguments)};
        for (std::string word; arguments >> word;) {
            if (!word.starts_with('[')) {
                words.push_back(word);
            }
        }
        EXPECT_EQ(command(words).verb, &verb);
    }
}

TEST(Command, TakesTheArgumentsOfAVerb) {
    EXPECT_THAT(command({"activate", "win11"}).arguments.words, ElementsAre("win11"));
    EXPECT_THAT(command({"activate"}).arguments.words, ElementsAre());
    EXPECT_THAT(command({"config", "check", "/tmp/c.toml"}).arguments.words,
                ElementsAre("/tmp/c.toml"));
    EXPECT_THAT(command({"ddc", "get", "DP-1"}).arguments.words, ElementsAre("DP-1"));
    EXPECT_THAT(command({"ddc", "get", "DP-1", "0x10"}).arguments.words,
                ElementsAre("DP-1", "0x10"));
    EXPECT_THAT(command({"ddc", "set", "DP-1", "0x60", "hdmi-1"}).arguments.words,
                ElementsAre("DP-1", "0x60", "hdmi-1"));
    EXPECT_THAT(command({"activate", "--", "--odd"}).arguments.words, ElementsAre("--odd"));
}

TEST(Command, TakesTheOptionsOfAVerbAnywhere) {
    for (const auto& words : {std::vector<std::string>{"status", "--json", "--watch"},
                              std::vector<std::string>{"--watch", "--json", "status"}}) {
        EXPECT_TRUE(command(words).arguments.json);
        EXPECT_TRUE(command(words).arguments.watch);
    }
    EXPECT_FALSE(command({"status"}).arguments.json);
    EXPECT_FALSE(command({"status"}).arguments.watch);
}

TEST(Command, ChoosesTheBus) {
    EXPECT_FALSE(command({"status"}).session_bus);
    EXPECT_TRUE(command({"--bus", "session", "status"}).session_bus);
    EXPECT_TRUE(command({"status", "--bus=session"}).session_bus);
    EXPECT_TRUE(command({"status"}, "session").session_bus);
    EXPECT_FALSE(command({"status", "--bus", "system"}, "session").session_bus);
}

TEST(Command, RefusesABusThatIsNone) {
    EXPECT_THAT(refused({"status", "--bus", "user"}),
                HasSubstr("--bus: \"user\" is not a bus; allowed: system, session"));
    EXPECT_THAT(refused({"status"}, "user"), HasSubstr("\"user\" is not a bus"));
    EXPECT_THAT(refused({"status", "--bus"}), HasSubstr("--bus: a word is missing"));
}

TEST(Command, SaysWhatIsWrongWhereAndWhatIsAllowed) {
    EXPECT_EQ(refused({"activte"}),
              "spicykvmctl: \"activte\" is not a command; allowed: status, activate, deactivate, "
              "toggle, targets, devices, displays, ddc get, ddc set, ddc capabilities, ddc probe, "
              "ddc test-return, doctor, "
              "reload, config check (see spicykvmctl --help)\n");
    EXPECT_EQ(refused({"ddc", "set", "DP-1", "0x60"}),
              "spicykvmctl: VALUE is missing; allowed: ddc set DISPLAY VCP VALUE (see spicykvmctl "
              "--help)\n");
    EXPECT_THAT(refused({"ddc", "get"}), HasSubstr("DISPLAY is missing; allowed: ddc get DISPLAY "
                                                   "[VCP]"));
    EXPECT_THAT(refused({"ddc", "get", "a", "b", "c"}), HasSubstr("\"c\" is too much"));
    EXPECT_THAT(refused({"status", "--seconds", "3"}),
                HasSubstr("\"--seconds=3\" is not an option of status"));
    EXPECT_THAT(refused({"ddc", "test-return", "--seconds"}),
                HasSubstr("\"--seconds\" is not an option of ddc test-return; allowed: "
                          "[DISPLAY|TARGET...] [--seconds=N]"));
    EXPECT_EQ(refused({"ddc"}),
              "spicykvmctl: ddc: a word is missing; allowed: get, set, capabilities, probe, "
              "test-return (see spicykvmctl --help)\n");
    EXPECT_THAT(refused({"--josn"}), HasSubstr("\"--josn\" is not an option of spicykvmctl itself; "
                                               "allowed: --bus, --help, --version"));
    EXPECT_EQ(refused({"activate", "a", "b"}),
              "spicykvmctl: \"b\" is too much; allowed: activate [TARGET] (see spicykvmctl "
              "--help)\n");
    EXPECT_EQ(refused({"deactivate", "a"}), "spicykvmctl: \"a\" is too much; allowed: deactivate "
                                            "(see spicykvmctl --help)\n");
    EXPECT_EQ(refused({"reload", "--json"}),
              "spicykvmctl: \"--json\" is not an option of reload; allowed: none (see spicykvmctl "
              "--help)\n");
    EXPECT_EQ(refused({"targets", "--watch"}),
              "spicykvmctl: \"--watch\" is not an option of targets; allowed: [--json] "
              "[--names] (see spicykvmctl --help)\n");
    EXPECT_THAT(refused({}), HasSubstr("a command is missing; allowed: status, "));
    EXPECT_THAT(refused({"config"}), HasSubstr("config: a word is missing; allowed: check"));
    EXPECT_THAT(refused({"config", "chek"}),
                HasSubstr("config: \"chek\" is not allowed; allowed: check"));
    EXPECT_THAT(refused({"status\nx"}), HasSubstr("\"status x\" is not a command"));
}

TEST(Command, HelpsWithEveryVerb) {
    for (const char* word : {"--help", "-h"}) {
        const auto parsed = parse_command({word}, std::nullopt);
        ASSERT_TRUE(std::holds_alternative<Exit>(parsed));
        const Exit& exit = std::get<Exit>(parsed);
        EXPECT_EQ(exit.code, kOk);
        EXPECT_EQ(exit.err, "");
        for (const Verb& verb : verbs()) {
            EXPECT_THAT(exit.out, HasSubstr("\n  " + std::string(verb.name) + " "));
            EXPECT_THAT(exit.out, HasSubstr(std::string(verb.summary) + "\n"));
        }
    }
}

TEST(Command, HelpsWithEveryFlag) {
    const auto parsed = parse_command({"--help"}, std::nullopt);
    const std::string& help = std::get<Exit>(parsed).out;
    for (const Verb& verb : verbs()) {
        for (const Argument& argument : arguments_of(verb)) {
            if (argument.flag) {
                EXPECT_THAT(help, HasSubstr("\n  " + std::string(argument.name)))
                    << "ctl/verbs.cpp: no row of kFlags for a flag of " << verb.name;
            }
        }
    }
}

TEST(Command, ReadsTheArgumentsOfAVerb) {
    const Verb verb{"x", "DISPLAY [VCP] [TARGET...] [--json] [--seconds=N]", "", nullptr};
    const auto arguments = arguments_of(verb);
    ASSERT_EQ(arguments.size(), 5U);
    EXPECT_EQ(arguments[0].name, "DISPLAY");
    EXPECT_TRUE(arguments[0].needed);
    EXPECT_EQ(arguments[1].name, "VCP");
    EXPECT_FALSE(arguments[1].needed);
    EXPECT_EQ(arguments[2].name, "TARGET");
    EXPECT_TRUE(arguments[2].many);
    EXPECT_EQ(arguments[3].name, "--json");
    EXPECT_TRUE(arguments[3].flag);
    EXPECT_EQ(arguments[3].value, "");
    EXPECT_EQ(arguments[4].name, "--seconds");
    EXPECT_EQ(arguments[4].value, "N");
    EXPECT_TRUE(arguments_of({"y", "", "", nullptr}).empty());
}

TEST(Command, TellsItsVersion) {
    const auto parsed = parse_command({"--version"}, std::nullopt);
    ASSERT_TRUE(std::holds_alternative<Exit>(parsed));
    EXPECT_EQ(std::get<Exit>(parsed).out, std::string("spicykvmctl ") + SPICYKVM_VERSION + "\n");
}

} // namespace
} // namespace spicykvm::ctl
