// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey.h"

#include <gtest/gtest.h>

namespace spicykvm::core {

namespace {

TEST(HotkeyTable, NamesTheKeysOfAllHotkeysAndNoOthers) {
    HotkeyTable table;
    table.hotkeys.push_back({.keys = {KeyCode{KEY_RIGHTCTRL}, KeyCode{KEY_A}}}); // one counts
    table.hotkeys.push_back({.gesture = Gesture::Chord,
                             .key_count = 2,
                             .keys = {KeyCode{KEY_LEFTMETA}, KeyCode{BTN_EXTRA}}});
    KeySet expected;
    expected.set(KEY_RIGHTCTRL).set(KEY_LEFTMETA).set(BTN_EXTRA);
    EXPECT_EQ(table.codes(), expected);
    EXPECT_TRUE(HotkeyTable{}.codes().none());
}

} // namespace

} // namespace spicykvm::core
