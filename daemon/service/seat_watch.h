// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "service/logind.h"

#include <memory>
#include <optional>
#include <string>

namespace spicykvm::service {

/// logind for a daemon on either bus. One on the session bus connects to the system bus, too, and
/// serves its own user alone: while another user's session is active, it keeps to the host. Where
/// there is no system bus, nothing is known of sessions, and everything is permitted.
class SeatWatch {
  public:
    /// `bus`: the daemon's own. `known` is called once, later: when `port` knows who is on `seat`,
    /// or will not for now. Waits for the bus daemon. Throws sdbus::Error if that is gone.
    SeatWatch(Bus& bus, core::SeatPort& port, const std::string& seat, EventLoop::Callback known);
    SeatWatch(const SeatWatch&) = delete;
    SeatWatch& operator=(const SeatWatch&) = delete;

  private:
    void lose();

    core::SeatPort& port_;
    std::unique_ptr<Bus> system_bus_; ///< null: the daemon's own is one, or there is none
    std::optional<Logind> logind_;
};

} // namespace spicykvm::service
