// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/text.h"

#include <gtest/gtest.h>

namespace spicykvm::ctl {
namespace {

TEST(Text, AlignsColumns) {
    EXPECT_EQ(aligned({{"A", "LONG", "C"}, {"aaa", "b", "c"}}), "A    LONG  C\naaa  b     c\n");
}

TEST(Text, CountsCharactersNotBytes) {
    EXPECT_EQ(aligned({{"\u00e9\u00e9", "x"}, {"abc", "y"}}), "\u00e9\u00e9   x\nabc  y\n");
}

TEST(Text, LeavesNoBlanksAtTheEnd) {
    EXPECT_EQ(aligned({{"A", "B"}, {"a", ""}, {"a"}}), "A  B\na\na\n");
}

TEST(Text, AlignsNothing) {
    EXPECT_EQ(aligned({}), "");
}

TEST(Text, TakesControlCharactersOut) {
    EXPECT_EQ(one_line("a\nb\tc\x1b[0m\x7f"), "a b c [0m ");
    EXPECT_EQ(one_line(""), "");
    EXPECT_EQ(or_dash("a\nb"), "a b");
    EXPECT_EQ(or_dash(""), "-");
    EXPECT_EQ(one_line("gr\u00fcn"), "gr\u00fcn");
}

TEST(Text, ShortensDurations) {
    EXPECT_EQ(duration_text(0), "0 s");
    EXPECT_EQ(duration_text(59'999'999), "59 s");
    EXPECT_EQ(duration_text(60'000'000), "1 min");
    EXPECT_EQ(duration_text(3'599'999'999), "59 min");
    EXPECT_EQ(duration_text(3'600'000'000), "1 h 0 min");
    EXPECT_EQ(duration_text(7'500'000'000), "2 h 5 min");
    EXPECT_EQ(duration_text(86'400'000'000), "1 d 0 h");
    EXPECT_EQ(duration_text(UINT64_MAX), "213503982 d 8 h");
}

} // namespace
} // namespace spicykvm::ctl
