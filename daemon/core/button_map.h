// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/guest_input.h"

#include <array>
#include <optional>

namespace spicykvm::core {

/// Makes the five buttons that a SPICE mouse has of those of each device. Forward and Back count as
/// Extra and Side until the device is seen to have Side or Extra of its own.
class ButtonMap {
  public:
    /// A button of the device was seen, used or not.
    void learn(DeviceSlot device, KeyCode code) noexcept;
    /// The evdev code that stands for the guest's button, one of BTN_LEFT, RIGHT, MIDDLE, SIDE and
    /// EXTRA; nothing: the guest has no such button.
    [[nodiscard]] std::optional<KeyCode> code(DeviceSlot device, KeyCode code, bool down) noexcept;
    void forget(DeviceSlot device) noexcept { devices_[index(device)] = {}; }
    /// All buttons are up for the guest.
    void forget_held() noexcept;

    /// For the codes that code() returns.
    [[nodiscard]] static Button button(KeyCode code) noexcept;

  private:
    struct Device {
        bool has_side_buttons = false;
        bool forward_is_extra = false; ///< while Forward, which went down as Extra, is held
        bool back_is_side = false;
    };
    std::array<Device, kMaxDevices> devices_{};
};

} // namespace spicykvm::core
