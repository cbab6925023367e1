// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/errors.h"

#include <gtest/gtest.h>

namespace spicykvm::service {
namespace {

TEST(ErrorName, IsTheWordOfTheCodeInCapitals) {
    EXPECT_EQ(error_name(ErrorCode::Busy), "org.spicykvm.Error.Busy");
    EXPECT_EQ(error_name(ErrorCode::WrongPassword), "org.spicykvm.Error.WrongPassword");
    EXPECT_EQ(error_name(ErrorCode::InvalidArgument), "org.spicykvm.Error.InvalidArgument");
}

TEST(ErrorName, IsDifferentForEveryCode) {
    std::string before;
    for (int code = 0; code <= static_cast<int>(ErrorCode::Failed); ++code) {
        const auto name = error_name(static_cast<ErrorCode>(code));
        EXPECT_NE(name, before);
        EXPECT_EQ(name.find('-'), std::string::npos) << name;
        before = name;
    }
}

TEST(BusError, KeepsNameAndText) {
    const auto error = to_bus_error(Error{ErrorCode::Timeout, "win11: no answer"});
    EXPECT_EQ(error.getName(), "org.spicykvm.Error.Timeout");
    EXPECT_EQ(error.getMessage(), "win11: no answer");
}

TEST(Utf8, LeavesTextAlone) {
    for (const char* text : {"", "plain", "tap(scrolllock)", "Über-Maus", "\u20AC", "\U0001F5B1",
                             "\uD7FF\uE000", "\U0010FFFF"}) {
        EXPECT_EQ(utf8(text), text);
    }
}

TEST(Utf8, ReplacesEachByteThatIsNoText) {
    EXPECT_EQ(utf8("a\xFFz"), "a?z");
    EXPECT_EQ(utf8("\x80"), "?");                // continuation without a lead
    EXPECT_EQ(utf8("\xC0\xAF"), "??");           // overlong slash
    EXPECT_EQ(utf8("\xE0\x80\x80"), "???");      // overlong
    EXPECT_EQ(utf8("\xED\xA0\x80"), "???");      // surrogate
    EXPECT_EQ(utf8("\xF0\x80\x80\x80"), "????"); // overlong
    EXPECT_EQ(utf8("\xF4\x90\x80\x80"), "????"); // beyond U+10FFFF
    EXPECT_EQ(utf8("\xF5\x80\x80\x80"), "????"); // no such lead
    EXPECT_EQ(utf8("\xE2\x82z"), "??z");         // third byte is none
    EXPECT_EQ(utf8(std::string_view("a\0b", 3)), "a?b");
}

TEST(Utf8, ReplacesWhatIsCutShort) {
    EXPECT_EQ(utf8("x\xC3"), "x?");
    EXPECT_EQ(utf8("x\xE2\x82"), "x??");
    EXPECT_EQ(utf8("x\xF0\x9F\x96"), "x???");
}

} // namespace
} // namespace spicykvm::service
