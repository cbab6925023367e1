// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <gtest/gtest.h>

namespace spicykvm {
namespace {

std::string shown(std::string_view text) {
    return printable(text);
}

TEST(Printable, OrdinaryTextStays) {
    EXPECT_EQ(shown(""), "");
    EXPECT_EQ(shown("win11 ~ (work)"), "win11 ~ (work)");
    EXPECT_EQ(shown("Büro \u20ac \u65e5\u672c \U0001F5A5"), "Büro \u20ac \u65e5\u672c \U0001F5A5");
}

TEST(Printable, EndsAtTheFirstNul) {
    EXPECT_EQ(shown(std::string_view("ab\0cd", 5)), "ab");
}

TEST(Printable, ControlCharactersAreReplaced) {
    EXPECT_EQ(shown("a\nb\x1b[2Jc\x7f"), "a?b?[2Jc?");
    EXPECT_EQ(shown("\u0085\u009b"), "??");
    EXPECT_EQ(shown("\u202egpj\u2066\u200b\ufeff"), "?gpj???");
}

TEST(Printable, MalformedUtf8IsReplacedByteByByte) {
    EXPECT_EQ(shown("\x80"), "?");
    EXPECT_EQ(shown("a\xc3"), "a?");
    EXPECT_EQ(shown("\xe2\x82g"), "??g");
    EXPECT_EQ(shown("\xc0\xaf"), "??");                // overlong
    EXPECT_EQ(shown("\xe0\x80\xaf"), "???");           // overlong
    EXPECT_EQ(shown("\xed\xa0\x80"), "???");           // surrogate
    EXPECT_EQ(shown("\xf4\x90\x80\x80"), "????");      // beyond U+10FFFF
    EXPECT_EQ(shown("\xf8\x88\x80\x80\x80"), "?????"); // five bytes
    EXPECT_EQ(shown("\xff\xfe"), "??");
}

TEST(Printable, IsCutAt255BytesBetweenCharacters) {
    EXPECT_EQ(shown(std::string(255, 'x')).size(), 255u);
    EXPECT_EQ(shown(std::string(256, 'x')).size(), 255u);
    EXPECT_EQ(shown(std::string(254, 'x') + "ü"), std::string(254, 'x'));
    EXPECT_EQ(shown(std::string(300, '\n')), std::string(255, '?'));
}

} // namespace
} // namespace spicykvm
