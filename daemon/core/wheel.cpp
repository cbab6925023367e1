// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wheel.h"

#include <algorithm>

namespace spicykvm::core {

namespace {

/// Far above what a packet may hold, far below overflow.
constexpr std::int32_t kMaxUnits = 1'000'000;

void add(std::int32_t& sum, std::int32_t value) noexcept {
    sum = std::clamp(sum + std::clamp(value, -kMaxUnits, kMaxUnits), -kMaxUnits, kMaxUnits);
}

} // namespace

bool Wheel::is_wheel(std::uint16_t rel_code) noexcept {
    return rel_code == REL_WHEEL || rel_code == REL_WHEEL_HI_RES || rel_code == REL_HWHEEL ||
           rel_code == REL_HWHEEL_HI_RES;
}

void Wheel::on_event(DeviceSlot device, const Event& event) noexcept {
    if (!is_wheel(event.code)) {
        return;
    }
    Device& wheel = devices_[index(device)];
    wheel.touched = true;
    switch (event.code) {
    case REL_WHEEL:
        return add(wheel.vertical.detents, event.value);
    case REL_HWHEEL:
        return add(wheel.horizontal.detents, event.value);
    case REL_WHEEL_HI_RES:
        wheel.vertical.high_resolution = true;
        return add(wheel.vertical.units, event.value);
    default:
        wheel.horizontal.high_resolution = true;
        return add(wheel.horizontal.units, event.value);
    }
}

WheelDetents Wheel::take(DeviceSlot device, TimePoint now) noexcept {
    Device& wheel = devices_[index(device)];
    if (!wheel.touched) {
        return {};
    }
    wheel.touched = false;
    return {take(wheel.vertical, now), take(wheel.horizontal, now)};
}

std::int32_t Wheel::take(Axis& axis, TimePoint now) noexcept {
    std::int32_t detents = axis.detents;
    if (axis.high_resolution) {
        const bool turned_back = std::int64_t{axis.remainder} * axis.units < 0;
        if (turned_back || now - axis.last >= kPause) {
            axis.remainder = 0;
        }
        add(axis.remainder, axis.units);
        detents = axis.remainder / kUnitsPerDetent;
        axis.remainder %= kUnitsPerDetent;
        axis.last = axis.units != 0 ? now : axis.last;
    }
    axis.detents = 0;
    axis.units = 0;
    return std::clamp(detents, -kMaxDetents, kMaxDetents);
}

void Wheel::reset() noexcept {
    for (Device& device : devices_) {
        const auto keep_kind = [](Axis& axis) {
            axis = Axis{.high_resolution = axis.high_resolution, .last = {}};
        };
        device.touched = false;
        keep_kind(device.vertical);
        keep_kind(device.horizontal);
    }
}

} // namespace spicykvm::core
