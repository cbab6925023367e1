// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/guest_input.h"

#include <cstdint>
#include <optional>

namespace spicykvm::core {

/// Motion in step with the server's acknowledgements, which come once for every four motions.
/// Deltas add up while too many are unacknowledged. A window below four would dead-lock: what waits
/// for an acknowledgement would be what completes the four.
///
///     unacknowledged   0 1 2 3 4 5 6   motion is sent as it comes
///                      7               motion waits; a key or button sends what waits before it
///                      8               a key goes ahead of the motion; a button still sends it
///
/// So a key is never queued behind more than kWindow motions. Only a button may exceed the window,
/// as a click has to land where the pointer is.
class MotionPacer {
  public:
    static constexpr unsigned kBunch = 4;
    static constexpr unsigned kWindow = 8;
    static constexpr unsigned kMotionWindow = kWindow - 1;
    /// How many steps (see `max_delta`) a button sends at most; the rest waits. It is there for the
    /// bound alone: 16 steps of 127 are a flick of 2000 counts.
    static constexpr unsigned kMaxButtonSteps = 16;
    static_assert(kMotionWindow >= kBunch);

    struct Output {
        GuestInput& guest;
        ButtonMask held;
        std::int32_t max_delta = 0; ///< per axis and message; 0: no limit
    };

    /// A new connection, or a new guest: nothing is unacknowledged, nothing waits. sent() goes on.
    void reset() noexcept;
    /// What waits is forgotten.
    void drop() noexcept { dx_ = dy_ = 0; }

    /// Saturates.
    void add(std::int32_t dx, std::int32_t dy) noexcept;
    [[nodiscard]] bool waiting() const noexcept { return dx_ != 0 || dy_ != 0; }

    void send_due(const Output& out) noexcept;
    void flush_before_key(const Output& out) noexcept;
    void flush_before_button(const Output& out) noexcept;
    /// A motion of (0, 0), whatever waits: it sets the guest's buttons.
    void send_zero(const Output& out) noexcept;

    /// One step and back, whatever waits.
    void nudge(const Output& out) noexcept;

    /// Surplus acknowledgements count for nothing.
    void acknowledge(unsigned count) noexcept;
    [[nodiscard]] unsigned unacknowledged() const noexcept { return unacknowledged_; }
    /// Motion messages ever sent.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

    /// Something was sent that the server does not acknowledge: only motions later on will tell
    /// whether it still reads.
    void note_sent() noexcept { sent_since_ack_ = true; }
    /// How many zero motions it takes until the server owes an acknowledgement; 0 if it does, or if
    /// nothing was sent since the last one.
    [[nodiscard]] unsigned missing_for_ack() const noexcept;
    /// Tells the time, after sending.
    void observe(TimePoint now) noexcept;
    /// Since when the server has owed an acknowledgement and sent none.
    [[nodiscard]] std::optional<TimePoint> owed_since() const noexcept { return owed_since_; }

  private:
    void send(const Output& out, std::int32_t dx, std::int32_t dy) noexcept;
    void send_step(const Output& out) noexcept;

    std::int32_t dx_ = 0;
    std::int32_t dy_ = 0;
    unsigned unacknowledged_ = 0;
    bool sent_since_ack_ = false;
    std::uint64_t sent_ = 0;
    std::optional<TimePoint> owed_since_;
};

} // namespace spicykvm::core
