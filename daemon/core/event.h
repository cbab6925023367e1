// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <array>
#include <bitset>
#include <cstdint>
#include <linux/input-event-codes.h>

namespace spicykvm::core {

/// An evdev code of type EV_KEY: KEY_* or BTN_*.
enum class KeyCode : std::uint16_t {};
constexpr std::uint16_t raw(KeyCode code) noexcept {
    return static_cast<std::uint16_t>(code);
}
/// A set of keys and buttons.
using KeySet = std::bitset<KEY_CNT>;

/// The value of an EV_KEY event.
enum class KeyAction : std::uint8_t { Up = 0, Down = 1, Repeat = 2 };

/// One evdev event; `type`, `code` and `value` are those of struct input_event.
struct Event {
    TimePoint time;
    std::uint16_t type = 0;
    std::uint16_t code = 0;
    std::int32_t value = 0;
};
/// The key or button of an EV_KEY event.
constexpr KeyCode code_of(const Event& event) noexcept {
    return KeyCode{event.code};
}

/// An open event node, as the input thread numbers them; a slot is reused after the device is gone.
enum class DeviceSlot : std::uint8_t {};
inline constexpr std::size_t kMaxDevices = 64;
constexpr std::size_t index(DeviceSlot slot) noexcept {
    return static_cast<std::size_t>(slot);
}

/// A target of the configuration, by its place in the list.
enum class TargetId : std::uint16_t {};
constexpr std::size_t index(TargetId id) noexcept {
    return static_cast<std::size_t>(id);
}

} // namespace spicykvm::core
