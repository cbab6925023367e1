// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/hotkey.h"
#include "core/key_holders.h"

#include <span>

namespace spicykvm::core {

/// What enables and disables hotkeys.
struct HotkeyContext {
    bool active = false;
    TargetId current{}; ///< while active
};

/// A disabled hotkey's keys are ordinary keys. Home and LendMouse need an active guest, Borrow an
/// inactive one; Target is of no use for the target that is active already. So one key may go there
/// and back.
[[nodiscard]] bool is_enabled(const Hotkey& hotkey, const HotkeyContext& context) noexcept;

/// The enabled hotkeys that begin with the press of one key; of two alike the first of the table.
struct KeyGestures {
    const Hotkey* press = nullptr;
    const Hotkey* release = nullptr;
    const Hotkey* tap = nullptr;
    const Hotkey* double_tap = nullptr;
    const Hotkey* hold = nullptr;
    bool chord_prefix = false; ///< any key but the last of a chord

    [[nodiscard]] bool needs_time() const noexcept {
        return tap != nullptr || double_tap != nullptr || hold != nullptr;
    }
};
[[nodiscard]] KeyGestures gestures_of(KeyCode code, std::span<const Hotkey> hotkeys,
                                      const HotkeyContext& context) noexcept;

/// The longest enabled chord that ends with `last`, its other keys being down already.
[[nodiscard]] const Hotkey* completed_chord(KeyCode last, const KeyHolders& down,
                                            std::span<const Hotkey> hotkeys,
                                            const HotkeyContext& context) noexcept;

[[nodiscard]] bool is_key_of(const Hotkey& hotkey, KeyCode code) noexcept;
/// Any key of the chord but the last.
[[nodiscard]] bool is_prefix_of(const Hotkey& chord, KeyCode code) noexcept;

/// Keys that change what other keys and clicks mean.
[[nodiscard]] bool is_modifier(KeyCode code) noexcept;
/// Of a mouse, pad or tablet.
[[nodiscard]] bool is_button(KeyCode code) noexcept;

} // namespace spicykvm::core
