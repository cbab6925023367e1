// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <array>
#include <cstdint>
#include <vector>

namespace spicykvm::core {

enum class Gesture : std::uint8_t {
    Tap,     ///< pressed and released alone within HotkeyTiming::tap
    Double,  ///< two taps, the second begun within HotkeyTiming::double_gap
    Hold,    ///< held alone for HotkeyTiming::hold; lasts until the release
    Press,   ///< acts when pressed
    Release, ///< acts when released, however long it was held
    Chord,   ///< all keys down; acts when the last of them is pressed
};

enum class HotkeyAction : std::uint8_t {
    Toggle,    ///< to the last target, or back
    Target,    ///< to `Hotkey::target`
    Home,      ///< back to the host
    Next,      ///< to the next target of the list, after the last back to the first
    Last,      ///< to the target that was active before this one
    LendMouse, ///< while held: the mouse drives the host
    Borrow,    ///< while held: the VM has keyboard and mouse
};

struct Hotkey {
    static constexpr std::size_t kMaxKeys = 4;

    Gesture gesture = Gesture::Tap;
    HotkeyAction action = HotkeyAction::Toggle;
    std::uint8_t key_count = 1;
    std::array<KeyCode, kMaxKeys>
        keys{};        ///< the first `key_count` count; more than one only for a Chord
    TargetId target{}; ///< for HotkeyAction::Target
    bool operator==(const Hotkey&) const = default;
};

struct HotkeyTiming {
    Milliseconds tap{250};
    Milliseconds double_gap{250};
    Milliseconds hold{250};
};

/// All hotkeys of a configuration. Immutable once the input thread has it.
struct HotkeyTable {
    std::vector<Hotkey> hotkeys;
    HotkeyTiming timing;
    /// Every key that takes part in a hotkey: what the event mask lets through while inactive.
    [[nodiscard]] KeySet codes() const;
};

} // namespace spicykvm::core
