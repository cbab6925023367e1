// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/edid.h"
#include "support/edid_bytes.h"

#include <gtest/gtest.h>

namespace spicykvm::ddc {
namespace {

using test::Bytes;
using test::edid_bytes;
using test::EdidText;

TEST(Edid, IsDecoded) {
    const auto edid = Edid::parse(edid_bytes());
    ASSERT_TRUE(edid);
    EXPECT_EQ(edid->manufacturer, "DEL");
    EXPECT_EQ(edid->product, 0x41b5);
    EXPECT_EQ(edid->serial_number, 0x12345678u);
    EXPECT_EQ(edid->year, 2021u);
    EXPECT_EQ(edid->name, "DELL U2720Q");
    EXPECT_EQ(edid->serial, "ABC1234");
    EXPECT_EQ(Bytes(edid->block.begin(), edid->block.end()), edid_bytes());
}

TEST(Edid, TextIsTrimmedAndAscii) {
    const auto edid =
        Edid::parse(edid_bytes({.name = "  LG\x01 \xc3\xa4 27  ", .serial = "1234567890123"}));
    ASSERT_TRUE(edid);
    EXPECT_EQ(edid->name, "LG  27");
    EXPECT_EQ(edid->serial, "1234567890123"); // all 13, without a line end
    EXPECT_EQ(Edid::parse(edid_bytes({.name = "", .serial = "   "}))->serial, "");
}

TEST(Edid, LettersThatAreNoneAreQuestionMarks) {
    EXPECT_EQ(Edid::parse(edid_bytes({.manufacturer = "A[@"}))->manufacturer, "A??");
}

TEST(Edid, MayFollowAnotherBlock) {
    Bytes bytes(128, 0x02);
    const Bytes base = edid_bytes();
    bytes.insert(bytes.end(), base.begin(), base.end());
    ASSERT_TRUE(Edid::parse(bytes));
    EXPECT_EQ(Edid::parse(bytes)->name, "DELL U2720Q");
}

TEST(Edid, EveryTruncationAndEveryDamageIsRefused) {
    const Bytes whole = edid_bytes();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(Edid::parse(ByteSpan(whole).first(length))) << length;
        Bytes damaged = whole;
        ++damaged[length];
        EXPECT_FALSE(Edid::parse(damaged)) << length;
    }
    EXPECT_FALSE(Edid::parse(Bytes(128)));
    EXPECT_FALSE(Edid::parse(Bytes(256, 0xff)));
}

TEST(Edid, TellsUnitsApart) {
    const auto edid = [](const EdidText& text) { return *Edid::parse(edid_bytes(text)); };
    const Edid one = edid({});
    EXPECT_TRUE(one.same_unit(edid({})));
    EXPECT_FALSE(one.same_unit(edid({.manufacturer = "GSM"})));
    EXPECT_FALSE(one.same_unit(edid({.product = 1})));
    EXPECT_FALSE(one.same_unit(edid({.serial_number = 1})));
    EXPECT_FALSE(one.same_unit(edid({.name = "other"})));
    EXPECT_FALSE(one.same_unit(edid({.serial = "other"})));
}

TEST(Edid, SettingsDoNotMakeAnotherUnit) {
    Bytes bytes = edid_bytes();
    bytes[20] = 0xa5; // input type
    bytes[127] = static_cast<std::uint8_t>(bytes[127] - 0xa5);
    ASSERT_TRUE(Edid::parse(bytes));
    EXPECT_TRUE(Edid::parse(bytes)->same_unit(*Edid::parse(edid_bytes())));
}

} // namespace
} // namespace spicykvm::ddc
