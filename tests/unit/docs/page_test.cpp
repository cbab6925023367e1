// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/mdoc.h"
#include "generate/page.h"
#include "generate/programs.h"

#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace spicykvm::docs {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string filled(const std::string& source) {
    const auto page = fill_page(source);
    return page ? *page : "error: " + page.error().message;
}

/// A manual page of the project.
std::string manual(const std::string& name) {
    std::ifstream file(SPICYKVM_SOURCE_DIR "/docs/man/" + name + ".in", std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return filled(text.str());
}

TEST(Page, KeepsWhatIsWritten) {
    EXPECT_EQ(filled(".Sh NAME\nuser@host\n"), ".Sh NAME\nuser@host\n");
    EXPECT_EQ(filled(".Os \"spicykvm @version@\"\n"),
              std::string(".Os \"spicykvm ") + SPICYKVM_VERSION + "\"\n");
}

TEST(Page, HasWhatItNamesWhereItIsNamedAndTheOthersOnce) {
    const std::string page = filled("@verb toggle@\nMore.\n@verbs@\n");
    EXPECT_TRUE(page.starts_with(".It Ic \"\\&toggle\"\n"));
    EXPECT_THAT(page, HasSubstr("More.\n.It Ic \"\\&status\""));
    EXPECT_EQ(page.find("\"\\&toggle\"", 20), std::string::npos);
    const std::string options =
        filled("@option spicykvm-session --bus@\n@options spicykvm-session@\n");
    EXPECT_TRUE(options.starts_with(".It Fl \"\\&\\-bus\" Ar \"\\&BUS\"\n"));
    EXPECT_EQ(options.find("\"\\&\\-bus\"", 20), std::string::npos);
    EXPECT_THAT(options, HasSubstr("\"\\&\\-log\\-level\""));
}

TEST(Page, RefusesWhatIsInNoTable) {
    EXPECT_EQ(filled("a\n@verb fly@\n"),
              "error: 2: @verb fly@: there is no such thing in the programs' tables");
    for (const char* line : {"@option spicykvmd --fly@", "@keys fly@", "@exits fly@", "@fly@"}) {
        EXPECT_THAT(filled(std::string(line) + "\n"), HasSubstr("there is no such thing")) << line;
    }
}

TEST(Page, TellsEveryOptionAndExitCodeOfItsProgram) {
    for (const Program& program : programs()) {
        const std::string name(program.name);
        const std::string page = manual(name + (name == "spicykvmd" ? ".8" : ".1"));
        EXPECT_FALSE(program.options.empty());
        for (const OptionText& option : program.options) {
            EXPECT_THAT(page, HasSubstr(mdoc_item(option))) << name;
        }
        for (const ExitText& exit : program.exits) {
            EXPECT_THAT(page, HasSubstr(mdoc_item(exit))) << name;
        }
    }
}

TEST(Page, TellsEveryCommand) {
    const std::string page = manual("spicykvmctl.1");
    for (const ctl::Verb& verb : ctl::verbs()) {
        EXPECT_THAT(page, HasSubstr(mdoc_item(verb)));
    }
    for (const ctl::Flag& flag : ctl::flags()) {
        EXPECT_THAT(page, HasSubstr(mdoc_item(flag)));
    }
}

TEST(Page, TellsEveryKey) {
    const std::string page = manual("spicykvm.toml.5");
    for (const config::KeySpec& key : config::key_table()) {
        if (!key.section.empty()) {
            EXPECT_THAT(page, HasSubstr(mdoc_item(key)))
                << "docs/man/spicykvm.toml.5.in: no @keys " << key.section << "@";
        }
    }
}

TEST(Page, KnowsTheOptionsOfThePrograms) {
    const auto& daemon = programs().front().options;
    const auto bus = std::find_if(daemon.begin(), daemon.end(),
                                  [](const OptionText& option) { return option.name == "--bus"; });
    ASSERT_NE(bus, daemon.end());
    EXPECT_EQ(bus->value, "BUS");
    EXPECT_THAT(bus->words, testing::ElementsAre("system", "session"));
    const auto flag = std::find_if(daemon.begin(), daemon.end(), [](const OptionText& option) {
        return option.name == "--check";
    });
    ASSERT_NE(flag, daemon.end());
    EXPECT_EQ(flag->value, "");
    EXPECT_FALSE(flag->repeatable);
    const auto input = std::find_if(daemon.begin(), daemon.end(), [](const OptionText& option) {
        return option.name == "--input";
    });
    ASSERT_NE(input, daemon.end());
    EXPECT_TRUE(input->repeatable);
}

} // namespace
} // namespace spicykvm::docs
