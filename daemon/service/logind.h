// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "core/seat_policy.h"
#include "service/delay_lock.h"
#include "service/status_map.h"

#include <functional>
#include <memory>
#include <optional>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <vector>

namespace spicykvm::service {

struct LogindSettings {
    std::string seat = "seat0";
    /// The user of a daemon on his own bus; none: it serves whoever is on the seat.
    std::optional<uid_t> only_for;
    /// How long a suspend may be kept waiting for the way home; below logind's own 5 s.
    Milliseconds delay{4000};
};

/// Follows systemd-logind: who is on the seat, whether he has locked it, and whether the host
/// suspends or shuts down. Over D-Bus and asynchronously; it never starts logind. What it is not
/// told (logind is not there, refuses, goes away) is said once, and the switch goes on with what is
/// known. When logind comes back, it is asked for everything again.
///
/// Desktops that lock without telling logind (LockedHint) are not seen to be locked.
class Logind {
  public:
    /// `bus` is a system bus. Waits for the bus daemon. Throws sdbus::Error if that is gone.
    Logind(Bus& bus, core::SeatPort& port, LogindSettings settings);
    Logind(const Logind&) = delete;
    Logind& operator=(const Logind&) = delete;
    ~Logind();

    /// `callback` is called once, when the port knows how things stand, or will not for now. Set it
    /// before the loop runs.
    void when_known(EventLoop::Callback callback) { known_ = std::move(callback); }

  private:
    using OnMessage = std::function<void(sdbus::Message&)>;
    using OnReply = std::function<void(const Dictionary*)>;
    using SessionRef = sdbus::Struct<std::string, sdbus::ObjectPath>;

    void subscribe();
    /// Only of logind itself: anybody may send a signal to this process alone.
    void listen(const std::string& rule, OnMessage handler);
    void find_owner();
    void on_owner(const std::string& unique_name);

    void ask_manager();
    void ask_seat();
    void ask_session();
    /// Null: no answer, which has been said.
    void get_all(sdbus::IProxy& proxy, const char* interface, OnReply on_reply);

    void on_seat_changed(sdbus::Message& message);
    void on_session_changed(sdbus::Message& message);
    void on_sleep(bool begins);
    void on_shutdown(bool begins);
    void take_seat(const Dictionary& properties);
    void take_session(const Dictionary* properties);

    void publish(core::SeatPort::Home home = nullptr);
    void give_way();
    void now_known();
    void complain(const std::string& what);

    Bus& bus_;
    core::SeatPort& port_;
    const LogindSettings settings_;
    const std::string seat_path_;
    std::unique_ptr<sdbus::IProxy> bus_daemon_;
    std::unique_ptr<sdbus::IProxy> manager_;
    std::unique_ptr<sdbus::IProxy> seat_;
    std::unique_ptr<sdbus::IProxy> session_; ///< the active one; null: nobody is there
    DelayLock lock_;
    Timer overdue_;
    std::vector<sdbus::Slot> matches_;

    std::string owner_; ///< unique name of logind; empty: it is not there
    std::string session_path_;
    core::SeatState state_;
    unsigned sleeps_ = 0; ///< counts them: a late answer about an earlier one means nothing
    EventLoop::Callback known_;
    bool complained_ = false;
    std::shared_ptr<Logind*> self_; ///< expires with this object
};

} // namespace spicykvm::service
