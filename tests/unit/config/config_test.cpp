// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/config.h"
#include "config/hotkey_syntax.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using core::HotkeyAction;

HotkeyList hotkeys(std::string_view text) {
    const auto hotkey = parse_hotkey(text);
    return {{*hotkey, to_text(*hotkey)}};
}

TEST(Config, TurnsHotkeysIntoOneTable) {
    Config config;
    config.hotkeys.toggle = hotkeys("tap(f1)");
    config.hotkeys.home = hotkeys("tap(f2)");
    config.hotkeys.next = hotkeys("tap(f3)");
    config.hotkeys.last = hotkeys("tap(f4)");
    config.hotkeys.lend_mouse = hotkeys("hold(f5)");
    config.hotkeys.borrow = hotkeys("hold(f6)");
    config.hotkeys.timing.tap = Milliseconds(99);
    config.targets.resize(2);
    config.targets[1].hotkey = hotkeys("leftmeta+f7");
    const core::HotkeyTable table = hotkey_table(config);
    std::vector<HotkeyAction> actions;
    for (const core::Hotkey& hotkey : table.hotkeys) {
        actions.push_back(hotkey.action);
    }
    EXPECT_THAT(actions,
                testing::ElementsAre(HotkeyAction::Toggle, HotkeyAction::Home, HotkeyAction::Next,
                                     HotkeyAction::Last, HotkeyAction::LendMouse,
                                     HotkeyAction::Borrow, HotkeyAction::Target));
    EXPECT_EQ(core::index(table.hotkeys.back().target), 1U);
    EXPECT_EQ(table.timing.tap, Milliseconds(99));
    EXPECT_EQ(table.codes().count(), 8U);
}

TEST(Config, WithoutHotkeysListensToNoKey) {
    EXPECT_TRUE(hotkey_table(Config{}).codes().none());
}

TEST(Config, WritesHotkeysForPeople) {
    HotkeyList list = hotkeys("tap(f1)");
    list.push_back(hotkeys("leftmeta+f7").front());
    EXPECT_EQ(to_text(list), "tap(f1), leftmeta+f7");
    EXPECT_EQ(to_text(HotkeyList{}), "");
}

TEST(Config, FindsTargetsByName) {
    Config config;
    config.targets.resize(2);
    config.targets[0].name = "a";
    config.targets[1].name = "b";
    EXPECT_EQ(find_target(config, "b"), static_cast<core::TargetId>(1));
    EXPECT_FALSE(find_target(config, "c"));
    EXPECT_FALSE(find_target(config, ""));
}

} // namespace
} // namespace spicykvm::config
