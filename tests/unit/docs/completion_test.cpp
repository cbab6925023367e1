// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the scripts say; what shells make of them is tests/completion_test.sh's matter.
#include "generate/completion.h"
#include "generate/shell_words.h"

#include <gmock/gmock.h>

namespace spicykvm::docs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Program& program(std::string_view name) {
    for (const Program& one : programs()) {
        if (one.name == name) {
            return one;
        }
    }
    throw std::runtime_error(std::string(name) + ": no such program");
}

TEST(ShellWords, QuoteWhatAShellWouldTakeForItsOwn) {
    EXPECT_EQ(in_quotes("plain"), "'plain'");
    EXPECT_EQ(in_quotes("the guest's $1"), "'the guest'\\''s $1'");
    EXPECT_EQ(in_quotes("the guest's", "\\'"), "'the guest\\'s'");
}

TEST(ShellWords, KnowWhatAWordMayBe) {
    const ctl::Verb verb{"x", "DISPLAY|TARGET VCP [FILE]", "", nullptr};
    const auto words = words_of(verb);
    ASSERT_EQ(words.size(), 3U);
    EXPECT_THAT(kinds_of(words[0]), ElementsAre("targets", "displays"));
    EXPECT_THAT(kinds_of(words[1]), IsEmpty());
    EXPECT_THAT(kinds_of(words[2]), ElementsAre("files"));
}

TEST(ShellWords, SplitCommandsOfTwoWords) {
    EXPECT_THAT(first_words(), testing::Contains("ddc").Times(1));
    const auto commands = commands_of("config");
    ASSERT_EQ(commands.size(), 1U);
    EXPECT_EQ(last_word(*commands.front()), "check");
    EXPECT_THAT(commands_of("status"), IsEmpty());
}

TEST(Completion, HasEveryCommandWithItsFlagsForEveryShell) {
    const std::string bash = bash_completion(program("spicykvmctl"));
    const std::string zsh = zsh_completion(program("spicykvmctl"));
    const std::string fish = fish_completion(program("spicykvmctl"));
    for (const ctl::Verb& verb : ctl::verbs()) {
        const std::string name(verb.name);
        const std::string last(last_word(verb));
        EXPECT_THAT(bash, HasSubstr("        '" + name + "') echo "));
        EXPECT_THAT(zsh, HasSubstr("    " + last + ") _arguments $options"));
        EXPECT_THAT(zsh, HasSubstr(in_quotes(last + ":" + std::string(verb.summary))));
        EXPECT_THAT(fish,
                    HasSubstr(" -a " + last + " -d " + in_quotes(verb.summary, "\\'") + "\n"));
        for (const ctl::Flag& flag : flags_of(verb)) {
            const std::string flag_name(flag.name);
            EXPECT_THAT(bash, HasSubstr(flag_name));
            EXPECT_THAT(zsh, HasSubstr("'" + flag_name));
            EXPECT_THAT(fish,
                        HasSubstr("'__spicykvmctl_at any " + name + "' -l " + flag_name.substr(2)));
        }
    }
}

TEST(Completion, HasEveryOptionOfEveryProgramForEveryShell) {
    for (const Program& one : programs()) {
        const std::string name(one.name);
        for (const OptionText& option : one.options) {
            EXPECT_THAT(bash_completion(one), HasSubstr(option.name));
            EXPECT_THAT(zsh_completion(one), HasSubstr(option.name));
            EXPECT_THAT(fish_completion(one),
                        HasSubstr("complete -c " + name + " -l " + option.name.substr(2)));
        }
        EXPECT_THAT(bash_completion(one), testing::EndsWith(" " + name + "\n"));
        EXPECT_TRUE(zsh_completion(one).starts_with("#compdef " + name + "\n"));
    }
}

TEST(Completion, OffersTheWordsThatAnOptionAllows) {
    const Program& session = program("spicykvm-session");
    EXPECT_THAT(bash_completion(session), HasSubstr("--bus) mapfile -t COMPREPLY < <(compgen -W "
                                                    "'system session' -- \"$cur\")"));
    EXPECT_THAT(zsh_completion(session), HasSubstr(":BUS:(system session)'"));
    EXPECT_THAT(fish_completion(session), HasSubstr("-l bus -x -a 'system session' -d "));
}

} // namespace
} // namespace spicykvm::docs
