// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "core/guest_input.h"
#include "spice/messages.h"

#include <cstdint>
#include <optional>
#include <spice/enums.h>

namespace spicykvm::spice {

// Client to server. A key's `code` is up to four set 1 bytes, the first one lowest.

/// | code u32 |
constexpr auto encode_key_down(std::uint32_t code) noexcept {
    return encode_message(SPICE_MSGC_INPUTS_KEY_DOWN, code);
}
constexpr auto encode_key_up(std::uint32_t code) noexcept {
    return encode_message(SPICE_MSGC_INPUTS_KEY_UP, code);
}

/// | dx i32 | dy i32 | buttons held u16 |   The server takes the buttons for the truth.
constexpr auto encode_motion(std::int32_t dx, std::int32_t dy, core::ButtonMask held) noexcept {
    return encode_message(SPICE_MSGC_INPUTS_MOUSE_MOTION, dx, dy, held.bits);
}

/// | button u8 | buttons held after it u16 |
constexpr auto encode_press(core::Button button, core::ButtonMask held) noexcept {
    return encode_message(SPICE_MSGC_INPUTS_MOUSE_PRESS, static_cast<std::uint8_t>(button),
                          held.bits);
}
constexpr auto encode_release(core::Button button, core::ButtonMask held) noexcept {
    return encode_message(SPICE_MSGC_INPUTS_MOUSE_RELEASE, static_cast<std::uint8_t>(button),
                          held.bits);
}

// Server to client.

/// | modifiers u16 |   The body of INIT and of KEY_MODIFIERS.
std::optional<core::LedState> parse_modifiers(ByteSpan body) noexcept;

} // namespace spicykvm::spice
