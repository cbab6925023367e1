// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_script.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::core::test {

namespace {

std::vector<std::filesystem::path> scripts() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(SPICYKVM_KEY_SCRIPTS)) {
        if (entry.path().extension() == ".t") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

class KeyScripts : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(KeyScripts, GiveWhatTheySay) {
    KeyScript script;
    const std::vector<std::string> results = script.run(GetParam());
    EXPECT_THAT(results, testing::ElementsAreArray(script.expected())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(, KeyScripts, testing::ValuesIn(scripts()), [](const auto& script) {
    std::string name = script.param.stem().string();
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

} // namespace

} // namespace spicykvm::core::test
