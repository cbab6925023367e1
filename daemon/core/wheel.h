// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <array>
#include <cstdint>

namespace spicykvm::core {

/// Whole steps of the wheel; up and right are positive.
struct WheelDetents {
    std::int32_t vertical = 0;
    std::int32_t horizontal = 0;
};

/// Makes detents of the wheel events of each device. A device that ever sent high-resolution events
/// is counted by these alone, for it sends each detent in both forms. What is left of a detent is
/// dropped when the direction changes and after a pause.
class Wheel {
  public:
    static constexpr std::int32_t kUnitsPerDetent = 120;
    static constexpr Milliseconds kPause{500};
    /// Per packet and axis: more is a broken device, and every detent is two messages.
    static constexpr std::int32_t kMaxDetents = 16;

    /// REL_WHEEL, REL_HWHEEL and their _HI_RES forms; any other code is ignored.
    void on_event(DeviceSlot device, const Event& event) noexcept;
    /// At SYN_REPORT.
    [[nodiscard]] WheelDetents take(DeviceSlot device, TimePoint now) noexcept;

    void forget(DeviceSlot device) noexcept { devices_[index(device)] = {}; }
    /// What is left of detents is dropped; what kind the devices are stays known.
    void reset() noexcept;

    [[nodiscard]] static bool is_wheel(std::uint16_t rel_code) noexcept;

  private:
    struct Axis {
        bool high_resolution = false;
        std::int32_t detents = 0;   ///< REL_WHEEL of this packet
        std::int32_t units = 0;     ///< REL_WHEEL_HI_RES of this packet
        std::int32_t remainder = 0; ///< of earlier packets, below one detent
        TimePoint last;
    };
    struct Device {
        bool touched = false;
        Axis vertical;
        Axis horizontal;
    };
    static std::int32_t take(Axis& axis, TimePoint now) noexcept;

    std::array<Device, kMaxDevices> devices_{};
};

} // namespace spicykvm::core
