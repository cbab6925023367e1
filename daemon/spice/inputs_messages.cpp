// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/inputs_messages.h"

namespace spicykvm::spice {

std::optional<core::LedState> parse_modifiers(ByteSpan body) noexcept {
    ByteReader reader(body);
    const unsigned bits = reader.u16();
    if (!reader.ok()) {
        return std::nullopt;
    }
    return core::LedState{.num = (bits & SPICE_KEYBOARD_MODIFIER_FLAGS_NUM_LOCK) != 0,
                          .caps = (bits & SPICE_KEYBOARD_MODIFIER_FLAGS_CAPS_LOCK) != 0,
                          .scroll = (bits & SPICE_KEYBOARD_MODIFIER_FLAGS_SCROLL_LOCK) != 0};
}

} // namespace spicykvm::spice
