// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey_lookup.h"

#include <algorithm>

namespace spicykvm::core {

namespace {

std::span<const KeyCode> keys_of(const Hotkey& hotkey) noexcept {
    return std::span(hotkey.keys).first(std::min<std::size_t>(hotkey.key_count, Hotkey::kMaxKeys));
}

bool contains(std::span<const KeyCode> keys, KeyCode code) noexcept {
    return std::find(keys.begin(), keys.end(), code) != keys.end();
}

void keep_first(const Hotkey*& slot, const Hotkey& hotkey) noexcept {
    if (slot == nullptr) {
        slot = &hotkey;
    }
}

} // namespace

bool is_enabled(const Hotkey& hotkey, const HotkeyContext& context) noexcept {
    switch (hotkey.action) {
    case HotkeyAction::Home:
    case HotkeyAction::LendMouse:
        return context.active;
    case HotkeyAction::Borrow:
        return !context.active;
    case HotkeyAction::Target:
        return !context.active || context.current != hotkey.target;
    case HotkeyAction::Toggle:
    case HotkeyAction::Next:
    case HotkeyAction::Last:
        break;
    }
    return true;
}

KeyGestures gestures_of(KeyCode code, std::span<const Hotkey> hotkeys,
                        const HotkeyContext& context) noexcept {
    KeyGestures found;
    for (const Hotkey& hotkey : hotkeys) {
        if (!is_key_of(hotkey, code) || !is_enabled(hotkey, context)) {
            continue;
        }
        switch (hotkey.gesture) {
        case Gesture::Tap:
            keep_first(found.tap, hotkey);
            break;
        case Gesture::Double:
            keep_first(found.double_tap, hotkey);
            break;
        case Gesture::Hold:
            keep_first(found.hold, hotkey);
            break;
        case Gesture::Press:
            keep_first(found.press, hotkey);
            break;
        case Gesture::Release:
            keep_first(found.release, hotkey);
            break;
        case Gesture::Chord:
            found.chord_prefix = found.chord_prefix || is_prefix_of(hotkey, code);
            break;
        }
    }
    return found;
}

const Hotkey* completed_chord(KeyCode last, const KeyHolders& down, std::span<const Hotkey> hotkeys,
                              const HotkeyContext& context) noexcept {
    const Hotkey* longest = nullptr;
    for (const Hotkey& hotkey : hotkeys) {
        const std::span<const KeyCode> keys = keys_of(hotkey);
        if (hotkey.gesture != Gesture::Chord || keys.empty() || keys.back() != last ||
            !is_enabled(hotkey, context)) {
            continue;
        }
        const bool others_down = std::all_of(keys.begin(), keys.end() - 1,
                                             [&](KeyCode code) { return down.held(code); });
        if (others_down && (longest == nullptr || keys.size() > longest->key_count)) {
            longest = &hotkey;
        }
    }
    return longest;
}

bool is_key_of(const Hotkey& hotkey, KeyCode code) noexcept {
    return contains(keys_of(hotkey), code);
}

bool is_prefix_of(const Hotkey& chord, KeyCode code) noexcept {
    const std::span<const KeyCode> keys = keys_of(chord);
    return chord.gesture == Gesture::Chord && !keys.empty() &&
           contains(keys.first(keys.size() - 1), code);
}

bool is_modifier(KeyCode code) noexcept {
    switch (raw(code)) {
    case KEY_LEFTCTRL:
    case KEY_RIGHTCTRL:
    case KEY_LEFTSHIFT:
    case KEY_RIGHTSHIFT:
    case KEY_LEFTALT:
    case KEY_RIGHTALT:
    case KEY_LEFTMETA:
    case KEY_RIGHTMETA:
        return true;
    default:
        return false;
    }
}

bool is_button(KeyCode code) noexcept {
    return raw(code) >= BTN_MISC && raw(code) < KEY_OK;
}

} // namespace spicykvm::core
