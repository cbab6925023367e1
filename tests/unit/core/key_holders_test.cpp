// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key_holders.h"

#include <gtest/gtest.h>

namespace spicykvm::core {

namespace {

constexpr DeviceSlot kFirst{0};
constexpr DeviceSlot kLast{kMaxDevices - 1};
constexpr KeyCode kA{KEY_A};

TEST(KeyHolders, CountsAKeyOfTwoDevicesAsOne) {
    KeyHolders holders;
    EXPECT_TRUE(holders.press(kFirst, kA));
    EXPECT_FALSE(holders.press(kLast, kA));
    EXPECT_FALSE(holders.release(kFirst, kA));
    EXPECT_TRUE(holders.held(kA));
    EXPECT_FALSE(holders.held_by(kFirst, kA));
    EXPECT_TRUE(holders.held_by(kLast, kA));
    EXPECT_TRUE(holders.release(kLast, kA));
    EXPECT_FALSE(holders.held(kA));
}

TEST(KeyHolders, IgnoresTheReleaseOfAKeyThatTheDeviceDoesNotHold) {
    KeyHolders holders;
    EXPECT_FALSE(holders.release(kFirst, kA));
    EXPECT_TRUE(holders.press(kFirst, kA));
    EXPECT_FALSE(holders.release(kLast, kA));
    EXPECT_TRUE(holders.held(kA));
}

TEST(KeyHolders, ForgetsAKeyOnAllDevices) {
    KeyHolders holders;
    EXPECT_TRUE(holders.press(kFirst, kA));
    EXPECT_FALSE(holders.press(kLast, kA));
    holders.forget(kA);
    EXPECT_FALSE(holders.held(kA));
    EXPECT_TRUE(holders.press(kFirst, KeyCode{KEY_MAX}));
    holders.clear();
    EXPECT_FALSE(holders.held(KeyCode{KEY_MAX}));
}

} // namespace

} // namespace spicykvm::core
