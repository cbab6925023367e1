// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <cstdint>

namespace spicykvm::core {

/// Buttons of the guest's mouse; the numbers are those of SPICE (SPICE_MOUSE_BUTTON_*).
enum class Button : std::uint8_t {
    Left = 1,
    Middle = 2,
    Right = 3,
    WheelUp = 4,
    WheelDown = 5,
    Side = 6,
    Extra = 7
};

/// Buttons held, a bit each: 1 << (Button - 1).
struct ButtonMask {
    std::uint16_t bits = 0;

    static constexpr std::uint16_t bit(Button button) noexcept {
        return static_cast<std::uint16_t>(1U << (static_cast<unsigned>(button) - 1U));
    }
    constexpr void set(Button button, bool down) noexcept {
        bits = static_cast<std::uint16_t>(down ? bits | bit(button) : bits & ~bit(button));
    }
    [[nodiscard]] constexpr bool has(Button button) const noexcept {
        return (bits & bit(button)) != 0;
    }
    bool operator==(const ButtonMask&) const = default;
};

/// Keyboard LEDs as the guest shows them.
struct LedState {
    bool num = false;
    bool caps = false;
    bool scroll = false;
    bool operator==(const LedState&) const = default;
};

/// What a guest's inputs channel tells the input thread.
class GuestInputObserver {
  public:
    /// `count` motions sent earlier have been taken by the server.
    virtual void on_motion_ack(unsigned count) noexcept = 0;
    virtual void on_leds(LedState leds) noexcept = 0;

  protected:
    ~GuestInputObserver() = default;
};

/// Keyboard and mouse of one guest. Owned and called by the input thread alone; no call blocks,
/// allocates, locks or logs. The senders queue in a fixed buffer; flush() writes it to the socket.
class GuestInput {
  public:
    enum class Io : std::uint8_t {
        Ok,    ///< done
        Later, ///< flush(): bytes are left over, wait for EPOLLOUT
        Lost,  ///< the connection is gone; the object is of no more use
    };

    virtual ~GuestInput() = default;

    /// The socket to poll.
    [[nodiscard]] virtual int fd() const noexcept = 0;

    /// A key without a SPICE scancode is dropped, press and release alike.
    virtual void key(KeyCode code, KeyAction action) noexcept = 0;
    /// Relative motion in the device's counts with the buttons held.
    virtual void motion(std::int32_t dx, std::int32_t dy, ButtonMask held) noexcept = 0;
    /// `held` is the state after the event.
    virtual void button(Button button, bool down, ButtonMask held) noexcept = 0;

    /// Sends what is queued. Later if the socket is full. A queue that overflows is Lost (never a
    /// lost release).
    virtual Io flush() noexcept = 0;
    /// True while bytes wait for the socket.
    [[nodiscard]] virtual bool pending() const noexcept = 0;
    /// Reads what has arrived: acks, LED reports, pings (answered by the object itself).
    virtual Io receive(GuestInputObserver& observer) noexcept = 0;
};

} // namespace spicykvm::core
