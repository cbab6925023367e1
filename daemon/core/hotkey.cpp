// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey.h"

namespace spicykvm::core {

KeySet HotkeyTable::codes() const {
    KeySet set;
    for (const Hotkey& hotkey : hotkeys) {
        for (std::size_t i = 0; i < hotkey.key_count; ++i) {
            set.set(raw(hotkey.keys[i]));
        }
    }
    return set;
}

} // namespace spicykvm::core
