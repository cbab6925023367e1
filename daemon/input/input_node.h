// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/guest_input.h"
#include "input/input_settings.h"

#include <cstdint>
#include <span>
#include <string>
#include <system_error>

struct input_event;

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
    bool rel_xy = false;   ///< REL_X and REL_Y
    bool absolute = false; ///< any EV_ABS axis of position: touchpad, tablet, joystick
    bool leds = false;
    bool repeats = false;    ///< the kernel repeats its keys (EV_REP)
    bool is_virtual = false; ///< made by a program (uinput)
    std::string seat = "seat0";
    bool writable = true; ///< opened read-write: keys can be released for the host, LEDs set
};

/// What a node lets through to us (EVIOCSMASK).
enum class NodeMask : std::uint8_t {
    Nothing, ///< the process never wakes up for it
    Hotkeys, ///< only keys of hotkeys
    AllKeys, ///< every key, no motion: while a hotkey is undecided
    Motion,  ///< only motion: a pointer that is waited for
    Open,    ///< keys and motion
};

/// An open event node. Used by the input thread, destroyed by the main loop; calls neither
/// allocate nor log. Events are read from fd() as struct input_event. Errors are errno values.
class InputNode {
  public:
    virtual ~InputNode() = default;

    [[nodiscard]] virtual const NodeIdentity& identity() const noexcept = 0;
    [[nodiscard]] virtual int fd() const noexcept = 0;

    [[nodiscard]] virtual std::errc grab() noexcept = 0;
    virtual std::errc ungrab() noexcept = 0;
    /// `hotkeys` is what NodeMask::Hotkeys lets through.
    virtual std::errc set_mask(NodeMask mask, const core::KeySet& hotkeys) noexcept = 0;
    /// The keys that are down (EVIOCGKEY). The kernel drops key events that are still queued for
    /// us, since the answer is newer.
    [[nodiscard]] virtual std::errc held_keys(core::KeySet& held) noexcept = 0;
    /// Presses or releases keys as if the device had done it: everyone who may see its events sees
    /// these.
    [[nodiscard]] virtual std::errc write_keys(const core::KeySet& keys, bool down) noexcept = 0;
    [[nodiscard]] virtual std::errc read_leds(core::LedState& leds) noexcept = 0;
    virtual std::errc write_leds(core::LedState leds) noexcept = 0;
};

} // namespace spicykvm::input
