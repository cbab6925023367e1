// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"
#include "diagnosis/bus_policy.h"
#include "diagnosis/grabbers.h"
#include "diagnosis/unit_state.h"

#include <optional>
#include <string>
#include <vector>

namespace spicykvm::ctl {

enum class Verdict {
    Ok,
    Wrong,
    Unknown, ///< it can't be seen, by this user or without the daemon
};

/// One line of `spicykvmctl doctor`.
struct Check {
    std::string name; ///< stable: docs/spicykvmctl.md lists them
    Verdict verdict = Verdict::Ok;
    std::string text; ///< how things stand, or what is wrong and what to do

    bool operator==(const Check&) const = default;
};

/// Who has an input node open besides the daemon.
struct NodeHolders {
    Device device;
    std::vector<diagnosis::Holder> holders;
};

/// What was seen of the machine and the daemon. Nothing: it could not be asked.
struct Findings {
    bool session_bus = false; ///< the daemon is a user's own: no unit, no polkit, no policy
    bool is_root = false;
    std::optional<diagnosis::UnitState> unit{};
    std::vector<std::string> missing_accounts{}; ///< "user spicykvm"
    bool has_owner = false;                      ///< of the bus name
    diagnosis::BusPolicyFacts policy{};
    Answer<std::vector<std::string>> polkit_actions{};
    bool has_i2c_dev = false;
    std::vector<std::string> grabber_units{}; ///< those that run
    std::optional<diagnosis::UnitState> session_unit{};
    std::optional<Status> status{};
    std::optional<std::vector<Device>> devices{};
    std::vector<NodeHolders> holders{}; ///< root only: of the keyboards that the daemon uses
    std::optional<std::vector<Display>> displays{};
};

/// The checks, in the order in which they depend on each other.
[[nodiscard]] std::vector<Check> examine(const Findings& findings);

[[nodiscard]] std::string to_string(Verdict verdict);

} // namespace spicykvm::ctl
