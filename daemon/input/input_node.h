// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/guest_input.h"
#include "input/input_settings.h"

#include <cstdint>
#include <string>
#include <system_error>

namespace spicykvm::input {

/// What a node says about itself; read once, when it is opened.
struct NodeIdentity {
    std::string path; ///< "/dev/input/event3"
    std::string name; ///< EVIOCGNAME
    std::string phys; ///< EVIOCGPHYS: where it is plugged in; often the same for several nodes
    std::string uniq; ///< EVIOCGUNIQ: serial number, or the address of a Bluetooth device
    std::uint16_t bus = 0;
    DeviceId id;
    core::KeySet keys;     ///< keys and buttons it can send
    bool motion = false;   ///< has REL_X and REL_Y
    bool absolute = false; ///< has axes of position: touchpad, tablet, joystick
    bool leds = false;
    bool repeats = false;    ///< the kernel repeats its keys (EV_REP)
    bool is_virtual = false; ///< made by a program (uinput)
    bool writable = true;    ///< keys can be released for the host, LEDs can be set
    std::string seat = "seat0";
};

/// What a node lets through to us (EVIOCSMASK). With nothing let through, the process never wakes
/// up for the node but when it is unplugged.
struct NodeMask {
    enum class Keys : std::uint8_t { None, Hotkeys, All };

    Keys keys = Keys::None;
    bool motion = false;
    bool operator==(const NodeMask&) const = default;
};

/// An open event node. Used by the input thread, destroyed by the main loop; its functions neither
/// allocate nor log. Events are read from fd() as struct input_event, stamped with CLOCK_MONOTONIC.
class InputNode {
  public:
    virtual ~InputNode() = default;

    [[nodiscard]] virtual const NodeIdentity& identity() const noexcept = 0;
    [[nodiscard]] virtual int fd() const noexcept = 0;

    [[nodiscard]] virtual std::errc grab() noexcept = 0;
    /// Gives the device back at once, but may take tens of milliseconds to return.
    virtual std::errc ungrab() noexcept = 0;
    /// `hotkeys` is what Keys::Hotkeys lets through.
    virtual std::errc set_mask(NodeMask mask, const core::KeySet& hotkeys) noexcept = 0;
    /// The keys that are down (EVIOCGKEY). Drops key events that are queued for us: the answer is
    /// newer than they are.
    [[nodiscard]] virtual std::errc held_keys(core::KeySet& held) noexcept = 0;
    /// Presses or releases keys as if the device had done it, for everyone who may see its events.
    [[nodiscard]] virtual std::errc write_keys(const core::KeySet& keys, bool down) noexcept = 0;
    [[nodiscard]] virtual std::errc read_leds(core::LedState& leds) noexcept = 0;
    virtual std::errc write_leds(core::LedState leds) noexcept = 0;
};

} // namespace spicykvm::input
