// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/button_map.h"

#include <gtest/gtest.h>

namespace spicykvm::core {

namespace {

constexpr DeviceSlot kMouse{0};
constexpr DeviceSlot kOther{1};
constexpr KeyCode kForward{BTN_FORWARD};
constexpr KeyCode kBack{BTN_BACK};
constexpr KeyCode kExtra{BTN_EXTRA};
constexpr KeyCode kSide{BTN_SIDE};

TEST(ButtonMap, KnowsTheFiveButtons) {
    ButtonMap map;
    for (const auto& [code, button] : {std::pair{KeyCode{BTN_LEFT}, Button::Left},
                                       {KeyCode{BTN_RIGHT}, Button::Right},
                                       {KeyCode{BTN_MIDDLE}, Button::Middle},
                                       {kSide, Button::Side},
                                       {kExtra, Button::Extra}}) {
        EXPECT_EQ(map.code(kMouse, code, true), code);
        EXPECT_EQ(map.code(kMouse, code, false), code);
        EXPECT_EQ(ButtonMap::button(code), button);
    }
    EXPECT_EQ(map.code(kMouse, KeyCode{BTN_TASK}, true), std::nullopt);
    EXPECT_EQ(map.code(kMouse, KeyCode{BTN_TOUCH}, true), std::nullopt);
}

TEST(ButtonMap, ForwardAndBackStandInForExtraAndSide) {
    ButtonMap map;
    EXPECT_EQ(map.code(kMouse, kForward, true), kExtra);
    EXPECT_EQ(map.code(kMouse, kForward, false), kExtra);
    EXPECT_EQ(map.code(kMouse, kBack, true), kSide);
    EXPECT_EQ(map.code(kMouse, kBack, false), kSide);
}

TEST(ButtonMap, OnADeviceWithBothTheyAreNothing) {
    ButtonMap map;
    map.learn(kMouse, kSide);
    EXPECT_EQ(map.code(kMouse, kForward, true), std::nullopt);
    EXPECT_EQ(map.code(kMouse, kForward, false), std::nullopt);
    EXPECT_EQ(map.code(kMouse, kBack, true), std::nullopt);
    EXPECT_EQ(map.code(kOther, kBack, true), kSide);
    map.forget(kMouse);
    EXPECT_EQ(map.code(kMouse, kBack, true), kSide);
}

TEST(ButtonMap, AReleaseGoesWhereItsPressWent) {
    ButtonMap map;
    EXPECT_EQ(map.code(kMouse, kForward, true), kExtra);
    map.learn(kMouse, kSide);
    EXPECT_EQ(map.code(kMouse, kForward, false), kExtra) << "or Extra would stay down";
    EXPECT_EQ(map.code(kMouse, kForward, false), std::nullopt);
    EXPECT_EQ(map.code(kMouse, kForward, true), std::nullopt);
}

TEST(ButtonMap, AReleaseOfWhatIsUpForTheGuestIsNothing) {
    ButtonMap map;
    EXPECT_EQ(map.code(kMouse, kForward, true), kExtra);
    map.forget_held();
    map.learn(kMouse, kExtra);
    EXPECT_EQ(map.code(kMouse, kForward, false), std::nullopt) << "Extra itself may be down now";
}

} // namespace

} // namespace spicykvm::core
