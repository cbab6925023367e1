// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/diagnostics.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

TEST(Diagnostics, WritesFileLineKeyAndText) {
    EXPECT_EQ(to_string({Severity::Error, {"/etc/f", 3}, "input.seat", "wrong"}),
              "/etc/f:3: input.seat: wrong");
    EXPECT_EQ(to_string({Severity::Warning, {"/etc/f", 3}, "input.seat", "odd"}),
              "/etc/f:3: warning: input.seat: odd");
    EXPECT_EQ(to_string({Severity::Error, {"/etc/f", 0}, "", "wrong"}), "/etc/f: wrong");
    EXPECT_EQ(to_string({Severity::Error, {}, "", "wrong"}), "wrong");
}

TEST(Diagnostics, SortsByFileAsReadThenByLine) {
    Diagnostics diagnostics;
    diagnostics.error({"z", 9}, "", "first file");
    diagnostics.error({"a", 5}, "", "second file, later");
    diagnostics.error({"a", 2}, "", "second file, earlier");
    diagnostics.error({"z", 1}, "", "first file, top");
    std::vector<std::string> texts;
    for (const Diagnostic& diagnostic : diagnostics.sorted()) {
        texts.push_back(diagnostic.text);
    }
    EXPECT_THAT(texts, testing::ElementsAre("first file, top", "first file", "second file, earlier",
                                            "second file, later"));
}

TEST(Diagnostics, WarningsAreNoErrors) {
    Diagnostics diagnostics;
    diagnostics.warning({}, "", "odd");
    EXPECT_FALSE(diagnostics.has_errors());
    diagnostics.error({}, "", "wrong");
    EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, StopsCountingButNotFailing) {
    Diagnostics diagnostics;
    for (std::size_t i = 0; i < Diagnostics::kMax; ++i) {
        diagnostics.warning({"f"}, "", "odd");
    }
    EXPECT_EQ(diagnostics.sorted().size(), Diagnostics::kMax);
    for (int i = 0; i < 1000; ++i) {
        diagnostics.error({"f"}, "", "wrong");
    }
    EXPECT_EQ(diagnostics.sorted().size(), Diagnostics::kMax + 1);
    EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Diagnostics, QuotesForeignTextHarmlessly) {
    EXPECT_EQ(quote("plain"), "\"plain\"");
    EXPECT_EQ(quote("a\nb\x1b[31m\x7f"), "\"a?b?[31m?\"");
    EXPECT_EQ(quote(std::string(81, 'x')), '"' + std::string(80, 'x') + "...\"");
    EXPECT_EQ(quote(std::string(79, 'x') + "\u00e9\u00e9"), '"' + std::string(79, 'x') + "...\"");
    EXPECT_EQ(quote(std::string(100, '\xbf')), "\"...\"");
}

TEST(Diagnostics, FindsTheKeyThatWasMeant) {
    const std::vector<std::string_view> keys{"name", "uri", "uuid", "hotkey"};
    EXPECT_EQ(closest("hotkye", keys), "hotkey");
    EXPECT_EQ(closest("hot_key", keys), "hotkey");
    EXPECT_EQ(closest("url", keys), "uri");
    EXPECT_EQ(closest("nmae", keys), "name");
    EXPECT_EQ(closest("hotkey", keys), "hotkey");
    EXPECT_EQ(closest("password", keys), "");
    EXPECT_EQ(closest("", keys), "");
    EXPECT_EQ(closest("x", keys), "");
    EXPECT_EQ(closest(std::string(100000, 'n'), keys), "");
}

} // namespace
} // namespace spicykvm::config
