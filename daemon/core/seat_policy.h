// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/input_port.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace spicykvm::core {

/// Whether a VM may have keyboard and mouse while the host is locked. A VM does not lock itself
/// with the host: with Allow, whoever passes by has it.
enum class WhenLocked : std::uint8_t { Deny, Allow };

/// The session that has the screen and the keyboard of a seat, as logind has it.
struct SeatSession {
    enum class Lock : std::uint8_t {
        Unknown,     ///< has just become active: logind has been asked
        Open,        ///< its user works in it
        Locked,      ///< LockedHint
        LoginScreen, ///< nobody's: it asks who wants to log in, or to unlock
    };

    std::string id;
    std::optional<uid_t> uid; ///< none: not known yet
    Lock lock = Lock::Unknown;

    bool operator==(const SeatSession&) const = default;
};

/// All of the host that the switch goes by.
struct SeatState {
    /// Whether logind has ever said who is on the seat. Without logind everything is permitted.
    bool known = false;
    /// None: nobody is logged in there, as on a machine without a login, or on a free text console.
    std::optional<SeatSession> session;
    /// The only user that this daemon works for; none: whoever is on the seat.
    std::optional<uid_t> only_for;
    bool suspending = false;    ///< from PrepareForSleep(true) to PrepareForSleep(false)
    bool shutting_down = false; ///< likewise, PrepareForShutdown

    bool operator==(const SeatState&) const = default;
};

/// Decides what the host's sessions, lock and sleep mean for the switch. Whatever forbids an
/// activation also brings keyboard and mouse home, and they never go back by themselves. Beyond
/// that, an activation ends with the session in which it was made: the next one to sit there finds
/// the keyboard at home.
///
///     what is so                              the seat's session changed   otherwise
///     the host shuts down, or suspends        home, no activation          home, no activation
///     another user's session (only_for)       home, no activation          home, no activation
///     locked or login screen, Deny            home, no activation          home, no activation
///     not known yet whether locked, Deny      home, no activation          home, no activation
///     anything else                           home                         as it is
class SeatPolicy {
  public:
    /// How things stand now. Gives why keyboard and mouse have to be at home; none: they may stay.
    [[nodiscard]] std::optional<LeaveReason> update(const SeatState& now);
    [[nodiscard]] std::optional<LeaveReason> set_when_locked(WhenLocked when_locked);
    /// The session was asked to lock: it will take some time to do it and to say so, if it has a
    /// lock at all. So this forbids nothing; it only brings home.
    [[nodiscard]] std::optional<LeaveReason> on_lock_request() const;

    /// Why nothing may be activated now, in one line; empty: it may.
    [[nodiscard]] std::string_view obstacle() const;

  private:
    struct Obstacle {
        LeaveReason reason;
        std::string_view text;
    };
    [[nodiscard]] std::optional<Obstacle> find() const;
    [[nodiscard]] std::optional<Obstacle> find_in_session() const;

    WhenLocked when_locked_ = WhenLocked::Deny;
    SeatState state_;
};

/// The switch as the host's logind sees it. Main loop only. Home comes first, and nobody is asked
/// whether it may.
class SeatPort {
  public:
    using Home = std::function<void()>;

    /// How things stand now. `home` (may be null) is called once, maybe from inside: when keyboard,
    /// mouse and the monitors are where this state wants them, or can't be brought there.
    virtual void on_seat(const SeatState& state, Home home) = 0;
    /// The seat's session was asked to lock.
    virtual void on_lock_request() = 0;

  protected:
    ~SeatPort() = default;
};

} // namespace spicykvm::core
