// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/help.h"
#include "unit/config/config_test_tools.h"

#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace spicykvm::config {
namespace {

std::string file_text(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Help, IsWhatTheDocumentationSays) {
    const std::string document = file_text(SPICYKVM_SOURCE_DIR "/docs/configuration.md");
    EXPECT_NE(document.find(config_help()), std::string::npos)
        << "docs/configuration.md must contain this, from spicykvmd --help-config:\n"
        << config_help();
}

TEST(Help, HasARowForEveryKey) {
    EXPECT_THAT(config_help(),
                testing::HasSubstr("| `rt_priority` | a whole number from 0 to 99 | `10` | "));
    EXPECT_THAT(config_help(), testing::HasSubstr("**Required.** What commands and D-Bus call it"));
    EXPECT_THAT(config_help(),
                testing::HasSubstr("*Not in this version: ignored with a warning.*"));
}

TEST(Help, GivesAnExampleThatIsRight) {
    EXPECT_THAT(said(file_text(SPICYKVM_SOURCE_DIR "/docs/config.toml")), testing::IsEmpty());
}

TEST(Help, GivesAnExampleThatIsRightWithAllThatIsCommentedOut) {
    std::stringstream example(file_text(SPICYKVM_SOURCE_DIR "/docs/config.toml"));
    std::string text;
    for (std::string line; std::getline(example, line);) {
        const bool is_setting = line.starts_with("# [") || line.find(" = ") != std::string::npos;
        text += (line.starts_with("# ") && is_setting ? line.substr(2) : line) + "\n";
    }
    EXPECT_THAT(text, testing::HasSubstr("\n[input]\n"));
    EXPECT_THAT(said(text), testing::IsEmpty());
}

} // namespace
} // namespace spicykvm::config
