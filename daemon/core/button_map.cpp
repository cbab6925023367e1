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

std::optional<KeyCode> ButtonMap::code(DeviceSlot device, KeyCode code, bool down) noexcept {
    Device& mouse = devices_[index(device)];
    switch (raw(code)) {
    case BTN_LEFT:
    case BTN_RIGHT:
    case BTN_MIDDLE:
        return code;
    case BTN_SIDE:
    case BTN_EXTRA:
        mouse.has_side_buttons = true;
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
