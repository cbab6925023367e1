// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <array>
#include <cstdint>

namespace spicykvm::core {

/// Backspace, Escape and Enter together, on any keyboards: the way home that no configuration, no
/// hotkey and no other code stands before.
class PanicChord {
  public:
    static constexpr std::array<std::uint16_t, 3> kKeys{KEY_BACKSPACE, KEY_ESC, KEY_ENTER};

    /// True when this event completes the chord.
    [[nodiscard]] bool on_key(DeviceSlot device, const Event& event) noexcept;
    /// True when the keys that are down now complete it.
    [[nodiscard]] bool on_resync(DeviceSlot device, const KeySet& down) noexcept;
    void forget(DeviceSlot device) noexcept;
    void reset() noexcept { holders_ = {}; }

  private:
    [[nodiscard]] bool complete() const noexcept;
    void set(std::size_t key, DeviceSlot device, bool down) noexcept;

    std::array<std::uint64_t, kKeys.size()> holders_{}; ///< a bit per device
};

} // namespace spicykvm::core
