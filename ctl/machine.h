// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"
#include "diagnosis/bus_policy.h"
#include "diagnosis/grabbers.h"
#include "diagnosis/unit_state.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::ctl {

/// What can be seen of this machine apart from the daemon, by whoever runs spicykvmctl.
struct Machine {
    /// Nothing: there is no systemd on the system bus.
    std::function<std::optional<diagnosis::UnitState>()> daemon_unit{};
    // The rest is for `doctor`.
    /// Nothing: there is no systemd of this user.
    std::function<std::optional<diagnosis::UnitState>()> session_unit{};
    /// Somebody has the daemon's name on the session bus, or else on the system bus.
    std::function<bool(bool session_bus)> has_daemon{};
    std::function<diagnosis::BusPolicyFacts()> bus_policy{};
    /// Those of the service: "user spicykvm", "group i2c".
    std::function<std::vector<std::string>()> missing_accounts{};
    std::function<Answer<std::vector<std::string>>()> polkit_actions{};
    std::function<bool()> has_i2c_dev{};
    /// The services that run of which it is known that they grab keyboards, on either bus.
    std::function<std::vector<std::string>()> grabber_units{};
    /// Others that have the node open, as far as this user may see.
    std::function<std::vector<diagnosis::Holder>(const std::string& node)> holders_of{};
    std::function<bool()> is_root{};
};

/// The one that this process runs on. Each question waits two seconds for an answer at most.
[[nodiscard]] Machine local_machine();

} // namespace spicykvm::ctl
