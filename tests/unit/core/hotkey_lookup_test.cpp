// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey_lookup.h"

#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::core {

namespace {

constexpr KeyCode kA{KEY_A};
constexpr KeyCode kCtrl{KEY_LEFTCTRL};
constexpr KeyCode kAlt{KEY_LEFTALT};
constexpr KeyCode kF1{KEY_F1};
constexpr DeviceSlot kKeyboard{0};
constexpr HotkeyContext kInactive{};
constexpr HotkeyContext kActive{.active = true, .current = TargetId{1}};

Hotkey with(HotkeyAction action, TargetId target = {}) {
    return {.action = action, .keys = {kA}, .target = target};
}

Hotkey gesture(Gesture gesture, KeyCode code, HotkeyAction action = HotkeyAction::Toggle) {
    return {.gesture = gesture, .action = action, .keys = {code}};
}

Hotkey chord(std::vector<KeyCode> keys, HotkeyAction action = HotkeyAction::Next) {
    Hotkey hotkey{.gesture = Gesture::Chord, .action = action};
    hotkey.key_count = static_cast<std::uint8_t>(keys.size());
    std::copy(keys.begin(), keys.end(), hotkey.keys.begin());
    return hotkey;
}

TEST(HotkeyLookup, EnablesByContext) {
    for (const HotkeyAction always :
         {HotkeyAction::Toggle, HotkeyAction::Next, HotkeyAction::Last}) {
        EXPECT_TRUE(is_enabled(with(always), kInactive));
        EXPECT_TRUE(is_enabled(with(always), kActive));
    }
    for (const HotkeyAction while_active : {HotkeyAction::Home, HotkeyAction::LendMouse}) {
        EXPECT_FALSE(is_enabled(with(while_active), kInactive));
        EXPECT_TRUE(is_enabled(with(while_active), kActive));
    }
    EXPECT_TRUE(is_enabled(with(HotkeyAction::Borrow), kInactive));
    EXPECT_FALSE(is_enabled(with(HotkeyAction::Borrow), kActive));
}

TEST(HotkeyLookup, ATargetIsEnabledUnlessItIsTheActiveOne) {
    EXPECT_TRUE(is_enabled(with(HotkeyAction::Target, TargetId{0}), kActive));
    EXPECT_FALSE(is_enabled(with(HotkeyAction::Target, TargetId{1}), kActive));
    EXPECT_TRUE(is_enabled(with(HotkeyAction::Target, TargetId{0}), kInactive)); // `current` is 0
}

TEST(HotkeyLookup, FindsAllGesturesOfAKeyAndTheFirstOfEach) {
    const std::vector<Hotkey> table{
        gesture(Gesture::Tap, kA),     gesture(Gesture::Tap, kA, HotkeyAction::Next),
        gesture(Gesture::Double, kA),  gesture(Gesture::Hold, kA),
        gesture(Gesture::Press, kA),   gesture(Gesture::Release, kA),
        gesture(Gesture::Press, kCtrl)};
    const KeyGestures found = gestures_of(kA, table, kActive);
    EXPECT_EQ(found.tap, &table[0]);
    EXPECT_EQ(found.double_tap, &table[2]);
    EXPECT_EQ(found.hold, &table[3]);
    EXPECT_EQ(found.press, &table[4]);
    EXPECT_EQ(found.release, &table[5]);
    EXPECT_FALSE(found.chord_prefix);
    EXPECT_TRUE(found.needs_time());
    EXPECT_FALSE(gestures_of(kCtrl, table, kActive).needs_time());
    EXPECT_EQ(gestures_of(kF1, table, kActive).tap, nullptr);
}

TEST(HotkeyLookup, ADisabledHotkeyIsNotFound) {
    const std::vector<Hotkey> table{gesture(Gesture::Tap, kA, HotkeyAction::Home),
                                    chord({kCtrl, kA}, HotkeyAction::Home)};
    EXPECT_EQ(gestures_of(kA, table, kInactive).tap, nullptr);
    EXPECT_FALSE(gestures_of(kCtrl, table, kInactive).chord_prefix);
    EXPECT_TRUE(gestures_of(kCtrl, table, kActive).chord_prefix);
    KeyHolders down;
    down.press(kKeyboard, kCtrl);
    EXPECT_EQ(completed_chord(kA, down, table, kInactive), nullptr);
    EXPECT_EQ(completed_chord(kA, down, table, kActive), &table[1]);
}

TEST(HotkeyLookup, OnlyTheKeysBeforeTheLastAreAPrefix) {
    const Hotkey hotkey = chord({kCtrl, kAlt, kA});
    EXPECT_TRUE(is_prefix_of(hotkey, kCtrl));
    EXPECT_TRUE(is_prefix_of(hotkey, kAlt));
    EXPECT_FALSE(is_prefix_of(hotkey, kA));
    EXPECT_TRUE(is_key_of(hotkey, kA));
    EXPECT_FALSE(is_key_of(hotkey, kF1));
    EXPECT_FALSE(is_key_of(hotkey, KeyCode{})); // the unused fourth
    EXPECT_FALSE(is_prefix_of(gesture(Gesture::Tap, kA), kA));
}

TEST(HotkeyLookup, CompletesTheLongestChord) {
    const std::vector<Hotkey> table{chord({kCtrl, kA}), chord({kAlt, kCtrl, kA}),
                                    chord({kAlt, kA})};
    KeyHolders down;
    EXPECT_EQ(completed_chord(kA, down, table, kActive), nullptr);
    down.press(kKeyboard, kAlt);
    EXPECT_EQ(completed_chord(kA, down, table, kActive), &table[2]);
    down.press(kKeyboard, kCtrl);
    EXPECT_EQ(completed_chord(kA, down, table, kActive), &table[1]);
    down.release(kKeyboard, kAlt);
    EXPECT_EQ(completed_chord(kA, down, table, kActive), &table[0]);
    EXPECT_EQ(completed_chord(kCtrl, down, table, kActive), nullptr);
}

TEST(HotkeyLookup, TakesNoMoreKeysThanThereAre) {
    Hotkey broken = chord({kCtrl, kAlt, kF1, kA});
    broken.key_count = 200;
    EXPECT_TRUE(is_key_of(broken, kA));
    EXPECT_TRUE(is_prefix_of(broken, kF1));
    broken.key_count = 0;
    EXPECT_FALSE(is_key_of(broken, kCtrl));
    EXPECT_FALSE(is_prefix_of(broken, kCtrl));
    const std::vector<Hotkey> table{broken};
    EXPECT_EQ(completed_chord(kCtrl, KeyHolders{}, table, kActive), nullptr);
}

TEST(HotkeyLookup, TellsModifiersAndButtons) {
    for (const int code : {KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTSHIFT, KEY_RIGHTSHIFT, KEY_LEFTALT,
                           KEY_RIGHTALT, KEY_LEFTMETA, KEY_RIGHTMETA}) {
        EXPECT_TRUE(is_modifier(KeyCode{static_cast<std::uint16_t>(code)}));
    }
    EXPECT_FALSE(is_modifier(KeyCode{KEY_CAPSLOCK}));
    EXPECT_TRUE(is_button(KeyCode{BTN_LEFT}));
    EXPECT_TRUE(is_button(KeyCode{BTN_MISC}));
    EXPECT_FALSE(is_button(KeyCode{KEY_OK}));
    EXPECT_FALSE(is_button(KeyCode{KEY_MICMUTE}));
}

} // namespace

} // namespace spicykvm::core
