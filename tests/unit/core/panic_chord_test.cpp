// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/panic_chord.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace spicykvm::core {

namespace {

constexpr DeviceSlot kFirst{0};
constexpr DeviceSlot kSecond{1};

class PanicChordTest : public testing::Test {
  protected:
    bool key(std::uint16_t code, std::int32_t value, DeviceSlot device = kFirst) {
        return chord.on_key(device, Event{{}, EV_KEY, code, value});
    }
    PanicChord chord;
};

TEST_F(PanicChordTest, CompletesInAnyOrder) {
    std::array<std::uint16_t, 3> keys = PanicChord::kKeys;
    std::sort(keys.begin(), keys.end());
    do {
        EXPECT_FALSE(key(keys[0], 1));
        EXPECT_FALSE(key(keys[1], 1));
        EXPECT_TRUE(key(keys[2], 1));
        for (const std::uint16_t code : keys) {
            EXPECT_FALSE(key(code, 0));
        }
    } while (std::next_permutation(keys.begin(), keys.end()));
}

TEST_F(PanicChordTest, CompletesAcrossDevicesAndBesideOtherKeys) {
    EXPECT_FALSE(key(KEY_ESC, 1, kSecond));
    EXPECT_FALSE(key(KEY_A, 1));
    EXPECT_FALSE(key(KEY_ENTER, 1));
    EXPECT_TRUE(key(KEY_BACKSPACE, 1, kSecond));
}

TEST_F(PanicChordTest, NeedsAllThreeAtOnce) {
    EXPECT_FALSE(key(KEY_ESC, 1));
    EXPECT_FALSE(key(KEY_ENTER, 1));
    EXPECT_FALSE(key(KEY_ESC, 0));
    EXPECT_FALSE(key(KEY_BACKSPACE, 1));
    EXPECT_FALSE(key(KEY_KPENTER, 1));
    EXPECT_TRUE(key(KEY_ESC, 1));
}

TEST_F(PanicChordTest, ActsOnceUntilAKeyComesUp) {
    key(KEY_ESC, 1);
    key(KEY_ENTER, 1);
    EXPECT_TRUE(key(KEY_BACKSPACE, 1));
    EXPECT_FALSE(key(KEY_BACKSPACE, 2));
    EXPECT_FALSE(key(KEY_BACKSPACE, 1, kSecond));
    EXPECT_FALSE(key(KEY_BACKSPACE, 0));
    EXPECT_FALSE(key(KEY_BACKSPACE, 0, kSecond));
    EXPECT_TRUE(key(KEY_BACKSPACE, 1));
}

TEST_F(PanicChordTest, ARepeatIsAsGoodAsThePress) {
    EXPECT_FALSE(key(KEY_ESC, 2));
    EXPECT_FALSE(key(KEY_ENTER, 1));
    EXPECT_TRUE(key(KEY_BACKSPACE, 1));
}

TEST_F(PanicChordTest, ForgetsTheKeysOfADeviceThatIsGone) {
    key(KEY_ESC, 1);
    key(KEY_ENTER, 1, kSecond);
    chord.forget(kFirst);
    EXPECT_FALSE(key(KEY_BACKSPACE, 1));
    EXPECT_TRUE(key(KEY_ESC, 1));
    chord.reset();
    EXPECT_FALSE(key(KEY_ESC, 1));
}

TEST_F(PanicChordTest, TakesItsKeysFromAResync) {
    KeySet down;
    down.set(KEY_ESC).set(KEY_ENTER);
    key(KEY_A, 1);
    EXPECT_FALSE(chord.on_resync(kFirst, down));
    down.set(KEY_BACKSPACE);
    EXPECT_TRUE(chord.on_resync(kFirst, down));
    EXPECT_FALSE(chord.on_resync(kFirst, down));
    EXPECT_FALSE(chord.on_resync(kFirst, KeySet{}));
    EXPECT_FALSE(key(KEY_ESC, 1));
}

} // namespace

} // namespace spicykvm::core
