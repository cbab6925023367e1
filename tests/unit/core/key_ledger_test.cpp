// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key_ledger.h"

#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::core {

namespace {

constexpr DeviceSlot kFirst{0};
constexpr DeviceSlot kSecond{1};
constexpr KeyCode kA{KEY_A};
constexpr KeyCode kB{KEY_B};
constexpr KeyCode kLeft{BTN_LEFT};
using Press = KeyLedger::Press;

TEST(KeyLedger, SendsOnePressAndOneReleaseForAKeyOnTwoKeyboards) {
    KeyLedger ledger;
    EXPECT_EQ(ledger.press(kFirst, kA), Press::Send);
    EXPECT_EQ(ledger.press(kSecond, kA), Press::Nothing);
    EXPECT_FALSE(ledger.release(kFirst, kA));
    EXPECT_TRUE(ledger.is_down(kA));
    EXPECT_TRUE(ledger.release(kSecond, kA));
    EXPECT_FALSE(ledger.is_down(kA));
    EXPECT_EQ(ledger.owed(), 0U);
}

TEST(KeyLedger, IgnoresReleasesAndRepeatsOfKeysThatWereNeverSent) {
    KeyLedger ledger;
    EXPECT_FALSE(ledger.release(kFirst, kA));
    EXPECT_FALSE(ledger.repeats(kFirst, kA));
    EXPECT_EQ(ledger.press(kFirst, kA), Press::Send);
    EXPECT_TRUE(ledger.repeats(kFirst, kA));
    EXPECT_FALSE(ledger.repeats(kSecond, kA));
    EXPECT_FALSE(ledger.release(kSecond, kA));
    EXPECT_TRUE(ledger.is_down(kA));
}

TEST(KeyLedger, OwesWhatOnlyTheUnpluggedDeviceHeld) {
    KeyLedger ledger;
    (void)ledger.press(kFirst, kA);
    (void)ledger.press(kFirst, kB);
    (void)ledger.press(kSecond, kB);
    (void)ledger.press(kFirst, kLeft);
    ledger.release_device(kFirst);
    EXPECT_EQ(ledger.owed(), 2U);
    EXPECT_EQ(ledger.take_owed_button(), kLeft);
    EXPECT_EQ(ledger.take_owed_button(), std::nullopt);
    EXPECT_EQ(ledger.take_owed_key(), kA);
    EXPECT_EQ(ledger.take_owed_key(), std::nullopt);
    EXPECT_EQ(ledger.owed(), 0U);
    EXPECT_TRUE(ledger.is_down(kB));
    EXPECT_TRUE(ledger.release(kSecond, kB));
}

TEST(KeyLedger, OwesEverythingOnReleaseAllButNothingTwice) {
    KeyLedger ledger;
    (void)ledger.press(kFirst, kA);
    (void)ledger.press(kSecond, kB);
    (void)ledger.press(kSecond, kLeft);
    ledger.release_device(kFirst);
    ledger.release_all();
    ledger.release_all();
    EXPECT_EQ(ledger.owed(), 3U);
    EXPECT_FALSE(ledger.release(kSecond, kB)) << "owed, so the release will be sent anyway";
    EXPECT_FALSE(ledger.repeats(kSecond, kB));
    while (ledger.take_owed_key()) {
    }
    EXPECT_EQ(ledger.take_owed_button(), kLeft);
    EXPECT_EQ(ledger.owed(), 0U);
    EXPECT_FALSE(ledger.is_down(kA) || ledger.is_down(kB) || ledger.is_down(kLeft));
}

TEST(KeyLedger, ReleasesButtonsAlone) {
    KeyLedger ledger;
    (void)ledger.press(kFirst, kA);
    (void)ledger.press(kSecond, kLeft);
    ledger.release_buttons();
    EXPECT_EQ(ledger.owed(), 1U);
    EXPECT_EQ(ledger.take_owed_button(), kLeft);
    EXPECT_TRUE(ledger.is_down(kA));
}

TEST(KeyLedger, APressOfAnOwedKeySendsItsReleaseFirst) {
    KeyLedger ledger;
    (void)ledger.press(kFirst, kA);
    ledger.release_device(kFirst);
    EXPECT_EQ(ledger.press(kSecond, kA), Press::ReleaseAndSend);
    EXPECT_EQ(ledger.owed(), 0U);
    EXPECT_EQ(ledger.take_owed_key(), std::nullopt);
    EXPECT_TRUE(ledger.release(kSecond, kA));
}

TEST(KeyLedger, ClearOwesNothing) {
    KeyLedger ledger;
    (void)ledger.press(kFirst, kA);
    (void)ledger.press(kFirst, kB);
    ledger.release_device(kFirst);
    ledger.clear();
    EXPECT_EQ(ledger.owed(), 0U);
    EXPECT_EQ(ledger.take_owed_key(), std::nullopt);
    EXPECT_EQ(ledger.press(kFirst, kA), Press::Send);
}

TEST(KeyLedger, KnowsTheHighestCodeAndTheLastDevice) {
    KeyLedger ledger;
    constexpr DeviceSlot kLast{kMaxDevices - 1};
    EXPECT_EQ(ledger.press(kLast, KeyCode{KEY_MAX}), Press::Send);
    ledger.release_device(kLast);
    EXPECT_EQ(ledger.take_owed_key(), KeyCode{KEY_MAX});
}

} // namespace

} // namespace spicykvm::core
