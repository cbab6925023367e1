// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <optional>
#include <string_view>

namespace spicykvm {

/// Tells the service manager how the process is (sd_notify(3)). Every call is one datagram that is
/// dropped when there is no manager or it does not read.
class Notifier {
  public:
    /// Finds out whether a watchdog is wanted (WATCHDOG_USEC, WATCHDOG_PID).
    Notifier();

    /// Started: name taken, devices looked at, configuration in force.
    void ready() const;
    /// Around a reload; ready() ends it.
    void reloading() const;
    void stopping() const;
    /// One line for `systemctl status`; line breaks become blanks.
    void status(std::string_view text) const;

    /// How often to call alive(): half of what the manager allows. None: no watchdog is wanted.
    [[nodiscard]] std::optional<Microseconds> watchdog_interval() const noexcept {
        return watchdog_interval_;
    }
    /// The process works. Send it only if all that must work does.
    void alive() const;

  private:
    std::optional<Microseconds> watchdog_interval_;
};

} // namespace spicykvm
