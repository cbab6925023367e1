// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/inputs_messages.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using core::Button;
using core::ButtonMask;
using core::LedState;
using test::Bytes;
using test::to_bytes;
using test::Wire;

TEST(InputsMessages, KeysCarryTheirBytesLowestFirst) {
    EXPECT_EQ(to_bytes(encode_key_down(0x1ce0)), (Bytes{101, 0, 4, 0, 0, 0, 0xe0, 0x1c, 0, 0}));
    EXPECT_EQ(to_bytes(encode_key_up(0x9ce0)), (Bytes{102, 0, 4, 0, 0, 0, 0xe0, 0x9c, 0, 0}));
}

TEST(InputsMessages, AMotionIsUnpadded) {
    EXPECT_EQ(to_bytes(encode_motion(-1, 70000, ButtonMask{0x41})),
              (Bytes{111, 0, 10, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x70, 0x11, 1, 0, 0x41, 0}));
}

TEST(InputsMessages, AMotionTakesTheWholeRange) {
    EXPECT_EQ(to_bytes(encode_motion(INT32_MIN, INT32_MAX, ButtonMask{})),
              (Bytes{111, 0, 10, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0x7f, 0, 0}));
}

TEST(InputsMessages, ButtonsCarryTheirNumberAndTheMaskAfterwards) {
    ButtonMask held;
    held.set(Button::Side, true);
    EXPECT_EQ(to_bytes(encode_press(Button::Side, held)), (Bytes{113, 0, 3, 0, 0, 0, 6, 0x20, 0}));
    EXPECT_EQ(to_bytes(encode_release(Button::Side, {})), (Bytes{114, 0, 3, 0, 0, 0, 6, 0, 0}));
}

TEST(InputsMessages, TheCoresButtonsAreTheProtocols) {
    EXPECT_EQ(ButtonMask::bit(Button::Left), SPICE_MOUSE_BUTTON_MASK_LEFT);
    EXPECT_EQ(ButtonMask::bit(Button::Middle), SPICE_MOUSE_BUTTON_MASK_MIDDLE);
    EXPECT_EQ(ButtonMask::bit(Button::Right), SPICE_MOUSE_BUTTON_MASK_RIGHT);
    EXPECT_EQ(ButtonMask::bit(Button::WheelUp), SPICE_MOUSE_BUTTON_MASK_UP);
    EXPECT_EQ(ButtonMask::bit(Button::WheelDown), SPICE_MOUSE_BUTTON_MASK_DOWN);
    EXPECT_EQ(ButtonMask::bit(Button::Side), SPICE_MOUSE_BUTTON_MASK_SIDE);
    EXPECT_EQ(ButtonMask::bit(Button::Extra), SPICE_MOUSE_BUTTON_MASK_EXTRA);
    EXPECT_EQ(static_cast<int>(Button::Extra), SPICE_MOUSE_BUTTON_EXTRA);
}

TEST(InputsMessages, ModifiersAreScrollNumCaps) {
    EXPECT_EQ(parse_modifiers(Wire().u16(0)), LedState{});
    EXPECT_EQ(parse_modifiers(Wire().u16(1)), (LedState{.scroll = true}));
    EXPECT_EQ(parse_modifiers(Wire().u16(2)), (LedState{.num = true}));
    EXPECT_EQ(parse_modifiers(Wire().u16(4)), (LedState{.caps = true}));
    EXPECT_EQ(parse_modifiers(Wire().u16(0xffff)),
              (LedState{.num = true, .caps = true, .scroll = true}));
}

TEST(InputsMessages, TruncatedModifiersAreRefused) {
    EXPECT_FALSE(parse_modifiers(Bytes{}));
    EXPECT_FALSE(parse_modifiers(Bytes{1}));
}

} // namespace
} // namespace spicykvm::spice
