// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/options.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace spicykvm::config {

/// argv as the system gives it: writable.
class Argv {
  public:
    explicit Argv(std::vector<std::string> words) : words_(std::move(words)) {
        words_.insert(words_.begin(), "spicykvmd");
        for (std::string& word : words_) {
            pointers_.push_back(word.data());
        }
        pointers_.push_back(nullptr);
    }
    auto parse() { return parse_options(static_cast<int>(words_.size()), pointers_.data()); }
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

inline Options options(std::vector<std::string> words) {
    auto result = Argv(std::move(words)).parse();
    if (const Exit* exit = std::get_if<Exit>(&result)) {
        ADD_FAILURE() << exit->err;
        return {};
    }
    return std::get<Options>(result);
}

/// The one line on stderr of a command line that is wrong.
inline std::string refused(std::vector<std::string> words) {
    const auto result = Argv(std::move(words)).parse();
    const Exit* exit = std::get_if<Exit>(&result);
    if (exit == nullptr) {
        return "accepted";
    }
    EXPECT_EQ(exit->code, kExitUsage);
    EXPECT_EQ(exit->out, "");
    EXPECT_EQ(std::count(exit->err.begin(), exit->err.end(), '\n'), 1);
    EXPECT_TRUE(exit->err.ends_with(" (see spicykvmd --help)\n"));
    return exit->err;
}

} // namespace spicykvm::config
