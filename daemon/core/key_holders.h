// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <array>
#include <cstdint>

namespace spicykvm::core {

/// Which devices hold each key down. The same key of several devices counts as one key: it goes
/// down with the first and up with the last.
class KeyHolders {
  public:
    /// True if the key was up.
    bool press(DeviceSlot device, KeyCode code) noexcept {
        std::uint64_t& holders = holders_[raw(code)];
        const bool was_up = holders == 0;
        holders |= bit(device);
        return was_up;
    }

    /// True if the key is up now and was down.
    bool release(DeviceSlot device, KeyCode code) noexcept {
        std::uint64_t& holders = holders_[raw(code)];
        const bool was_held = (holders & bit(device)) != 0;
        holders &= ~bit(device);
        return was_held && holders == 0;
    }

    [[nodiscard]] bool held(KeyCode code) const noexcept { return holders_[raw(code)] != 0; }
    [[nodiscard]] bool held_by(DeviceSlot device, KeyCode code) const noexcept {
        return (holders_[raw(code)] & bit(device)) != 0;
    }

    /// The key is up on all devices.
    void forget(KeyCode code) noexcept { holders_[raw(code)] = 0; }
    void clear() noexcept { holders_ = {}; }

  private:
    static constexpr std::uint64_t bit(DeviceSlot device) noexcept {
        return std::uint64_t{1} << index(device);
    }
    static_assert(kMaxDevices <= 64, "one bit a device");

    std::array<std::uint64_t, KEY_CNT> holders_{};
};

} // namespace spicykvm::core
