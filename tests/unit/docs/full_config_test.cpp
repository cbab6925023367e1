// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/examples.h"
#include "generate/full_config.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>
#include <sstream>

namespace spicykvm::docs {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// With the "#" taken away from every setting.
std::string uncommented() {
    std::string text;
    for (const std::string& line : lines_of(full_config())) {
        const bool is_setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        text += (is_setting ? line.substr(1) : line) + "\n";
    }
    return text;
}

TEST(FullConfig, ChangesNothingAsItIs) {
    const auto draft = config::read_one(full_config());
    EXPECT_THAT(config::lines(draft.diagnostics), IsEmpty());
    EXPECT_THAT(draft.config.targets, IsEmpty());
    for (const std::string& line : lines_of(full_config())) {
        EXPECT_TRUE(line.empty() || line.starts_with('#')) << line;
        EXPECT_LE(line.size(), 100U) << line;
    }
}

TEST(FullConfig, IsRightWithEverySettingInForce) {
    for (const std::string& said : config::said(uncommented())) {
        EXPECT_THAT(said, HasSubstr("warning: input.host_keys: ")); // of a later version
    }
    const auto draft = config::read_one(uncommented());
    ASSERT_EQ(draft.config.targets.size(), 1U);
    EXPECT_EQ(draft.config.targets.front().name, "win11");
    EXPECT_EQ(draft.config.targets.front().monitors.size(), 1U);
}

TEST(FullConfig, HasEveryKey) {
    const std::string text = full_config();
    for (const config::KeySpec& key : config::key_table()) {
        const std::string name(key.name);
        const std::string dotted =
            key.section.empty() ? name : std::string(key.section) + "." + name;
        const bool is_there = text.find("\n#" + name + " = ") != std::string::npos ||
                              text.find("\n# or: " + name + " = ") != std::string::npos ||
                              text.find("\n#[" + dotted + "]\n") != std::string::npos ||
                              text.find("\n#[[" + dotted + "]]\n") != std::string::npos;
        EXPECT_TRUE(is_there) << dotted;
    }
}

TEST(FullConfig, HasADefaultOrAnExampleForEveryKey) {
    EXPECT_THAT(full_config(), HasSubstr("\n#tap_ms = 250\n"));
    EXPECT_THAT(full_config(), HasSubstr("\n#toggle = \"tap(rightctrl)\"\n"));
    EXPECT_THAT(full_config(), HasSubstr("\n# or: env = \"WIN11_PASSWORD\"\n"));
    EXPECT_THAT(full_config(), Not(HasSubstr(" = -\n")));
}

} // namespace
} // namespace spicykvm::docs
