// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/vcp.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using testing::HasSubstr;

TEST(MayWrite, IsInputsUsbAndPowerOn) {
    for (unsigned code = 0; code < 256; ++code) {
        const auto vcp = VcpCode{static_cast<std::uint8_t>(code)};
        const bool listed = code == 0x60 || code == 0xf4 || code == 0xe5 || code == 0xe7 ||
                            code == 0xe8 || code == 0xe9;
        EXPECT_EQ(may_write(vcp, 0x11), listed) << code;
        EXPECT_EQ(may_write(vcp, 1), listed || code == 0xd6) << code;
    }
    EXPECT_FALSE(may_write(VcpCode::PowerMode, 5)); // off for good, on some monitors
    EXPECT_FALSE(may_write(VcpCode::PowerMode, 0x101));
}

TEST(Input, HasTheNamesOfTheStandard) {
    EXPECT_EQ(parse_input("vga-1"), 0x01);
    EXPECT_EQ(parse_input("dvi-2"), 0x04);
    EXPECT_EQ(parse_input("component-3"), 0x0e);
    EXPECT_EQ(parse_input("displayport-1"), 0x0f);
    EXPECT_EQ(parse_input("DisplayPort-2"), 0x10);
    EXPECT_EQ(parse_input("hdmi-1"), 0x11);
    EXPECT_EQ(parse_input("HDMI-2"), 0x12);
}

TEST(Input, MayBeAHexadecimalNumberOfSixteenBits) {
    EXPECT_EQ(parse_input("0x1b"), 0x1b);
    EXPECT_EQ(parse_input("0X1B1B"), 0x1b1b);
    EXPECT_EQ(parse_input("0x0"), 0);
    EXPECT_EQ(parse_input("0xffff"), 0xffff);
}

TEST(Input, IsNeverADecimalNumberOrAnythingElse) {
    for (const char* text : {"17", "12", "0", "", "0x", "0x10000", "0x00011", "0x1g", "0x-1", "x11",
                             "11h", "hdmi", "hdmi-3", "hdmi-1 ", " hdmi-1", "usb-c", "-1"}) {
        const auto value = parse_input(text);
        ASSERT_FALSE(value) << text;
        EXPECT_EQ(value.error().code, ErrorCode::InvalidArgument);
        EXPECT_THAT(value.error().message, HasSubstr("allowed: a name"));
    }
    EXPECT_FALSE(parse_input(std::string(5000, 'a')));
    EXPECT_LT(parse_input(std::string(5000, 'a')).error().message.size(), 400u);
}

TEST(Input, IsShownByItsNameOrInHexadecimal) {
    EXPECT_EQ(input_text(0x11), "hdmi-1");
    EXPECT_EQ(input_text(0x1b), "0x1b");
    EXPECT_EQ(input_text(0x1b1b), "0x1b1b");
    for (unsigned value = 0; value <= 0xffff; ++value) {
        const auto wanted = static_cast<std::uint16_t>(value);
        ASSERT_EQ(parse_input(input_text(wanted)), wanted);
    }
}

} // namespace
} // namespace spicykvm::ddc
