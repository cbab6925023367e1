// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "base/fd.h"
#include "session/inhibitor.h"
#include "session/user_presence.h"

#include <cstdint>
#include <memory>
#include <sdbus-c++/sdbus-c++.h>

namespace spicykvm::session {

/// systemd-logind's: held as long as its descriptor is open.
class LoginInhibitor final : public Inhibitor {
  public:
    /// `bus`: the system bus.
    explicit LoginInhibitor(Bus& bus);

  private:
    void ask() override;
    void let_go() override { lock_.reset(); }

    std::unique_ptr<sdbus::IProxy> logind_;
    Fd lock_;
};

/// The desktop's, for those that do not ask logind: held until it is given back, or this
/// connection ends. A desktop without one is not made to start one.
class ScreenSaverInhibitor final : public Inhibitor {
  public:
    /// `bus`: the session bus.
    explicit ScreenSaverInhibitor(Bus& bus);

  private:
    void ask() override;
    void inhibit();
    void let_go() override;

    std::unique_ptr<sdbus::IProxy> bus_daemon_;
    std::unique_ptr<sdbus::IProxy> saver_;
    std::uint32_t cookie_ = 0;
};

/// Keeps the host from blanking, locking and suspending while keyboard and mouse are in a VM, of
/// which it sees nothing; for the user in front of the seat alone. Loop thread only.
class IdleInhibitors {
  public:
    /// A bus may be null: there is none. Both must outlive this.
    IdleInhibitors(EventLoop& loop, Bus* system, Bus* session);

    /// Keyboard and mouse are in a VM, or not.
    void on_away(bool away);

  private:
    void update();

    bool away_ = false;
    UserPresence presence_;
    std::unique_ptr<LoginInhibitor> login_;
    std::unique_ptr<ScreenSaverInhibitor> saver_;
};

} // namespace spicykvm::session
