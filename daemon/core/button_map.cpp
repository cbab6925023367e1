// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/button_map.h"

namespace spicykvm::core {

namespace {

/// A release goes where its press went, even if the device has turned out to have both kinds since.
bool is_alias(bool& held_as_alias, bool has_side_buttons, bool down) noexcept {
    const bool alias = down ? !has_side_buttons : held_as_alias;
    held_as_alias = down && alias;
    return alias;
}

} // namespace

void ButtonMap::learn(DeviceSlot device, KeyCode code) noexcept {
    if (raw(code) == BTN_SIDE || raw(code) == BTN_EXTRA) {
        devices_[index(device)].has_side_buttons = true;
    }
}

std::optional<KeyCode> ButtonMap::code(DeviceSlot device, KeyCode code, bool down) noexcept {
    Device& mouse = devices_[index(device)];
    switch (raw(code)) {
    case BTN_LEFT:
    case BTN_RIGHT:
    case BTN_MIDDLE:
    case BTN_SIDE:
    case BTN_EXTRA:
        return code;
    case BTN_FORWARD:
        if (is_alias(mouse.forward_is_extra, mouse.has_side_buttons, down)) {
            return KeyCode{BTN_EXTRA};
        }
        return std::nullopt;
    case BTN_BACK:
        if (is_alias(mouse.back_is_side, mouse.has_side_buttons, down)) {
            return KeyCode{BTN_SIDE};
        }
        return std::nullopt;
    default:
        return std::nullopt;
    }
}

void ButtonMap::forget_held() noexcept {
    for (Device& mouse : devices_) {
        mouse.forward_is_extra = false;
        mouse.back_is_side = false;
    }
}

Button ButtonMap::button(KeyCode code) noexcept {
    switch (raw(code)) {
    case BTN_RIGHT:
        return Button::Right;
    case BTN_MIDDLE:
        return Button::Middle;
    case BTN_SIDE:
        return Button::Side;
    case BTN_EXTRA:
        return Button::Extra;
    default:
        return Button::Left;
    }
}

} // namespace spicykvm::core
