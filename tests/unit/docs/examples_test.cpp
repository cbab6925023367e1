// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/examples.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace spicykvm::docs {
namespace {

/// Whether the keys of a table have a chapter of their own.
bool is_table(const config::KeySpec& key) {
    return config::type_text(key).find("table") != std::string_view::npos;
}

TEST(Examples, AreThereForEveryKeyWithoutADefault) {
    for (const config::KeySpec& key : config::key_table()) {
        if (!is_table(key) && config::default_text(key) == "-") {
            EXPECT_NE(example_of(key), nullptr)
                << "docs/generate/examples.cpp: " << key.section << "." << key.name;
        }
    }
}

TEST(Examples, AreOfKeysThatExist) {
    const auto keys = config::key_table();
    for (const Example& example : examples()) {
        EXPECT_TRUE(std::any_of(keys.begin(), keys.end(),
                                [&](const config::KeySpec& key) {
                                    return key.section == example.section &&
                                           key.name == example.name;
                                }))
            << example.section << "." << example.name;
    }
}

} // namespace
} // namespace spicykvm::docs
