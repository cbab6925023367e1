// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/config.h"

namespace spicykvm::config {

namespace {

void append(core::HotkeyTable& table, const HotkeyList& list, core::HotkeyAction action,
            core::TargetId target = {}) {
    for (const HotkeySetting& setting : list) {
        core::Hotkey hotkey = setting.hotkey;
        hotkey.action = action;
        hotkey.target = target;
        table.hotkeys.push_back(hotkey);
    }
}

} // namespace

core::HotkeyTable hotkey_table(const Config& config) {
    using core::HotkeyAction;
    core::HotkeyTable table;
    table.timing = config.hotkeys.timing;
    append(table, config.hotkeys.toggle, HotkeyAction::Toggle);
    append(table, config.hotkeys.home, HotkeyAction::Home);
    append(table, config.hotkeys.next, HotkeyAction::Next);
    append(table, config.hotkeys.last, HotkeyAction::Last);
    append(table, config.hotkeys.lend_mouse, HotkeyAction::LendMouse);
    append(table, config.hotkeys.borrow, HotkeyAction::Borrow);
    for (std::size_t i = 0; i < config.targets.size(); ++i) {
        append(table, config.targets[i].hotkey, HotkeyAction::Target,
               static_cast<core::TargetId>(i));
    }
    return table;
}

std::string to_text(const HotkeyList& hotkeys) {
    std::string text;
    for (const HotkeySetting& setting : hotkeys) {
        text += text.empty() ? "" : ", ";
        text += setting.text;
    }
    return text;
}

std::optional<core::TargetId> find_target(const Config& config, std::string_view name) noexcept {
    for (std::size_t i = 0; i < config.targets.size(); ++i) {
        if (config.targets[i].name == name) {
            return static_cast<core::TargetId>(i);
        }
    }
    return std::nullopt;
}

} // namespace spicykvm::config
