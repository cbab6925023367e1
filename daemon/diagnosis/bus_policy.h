// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace spicykvm::diagnosis {

/// The user of the system service, whom the bus policy gives the name.
inline constexpr const char* kServiceUser = "spicykvm";

/// Whether this machine's system bus can know who may have the daemon's name.
struct BusPolicyFacts {
    std::string file{};       ///< the policy's; empty: it is in no folder that the bus reads
    bool user_exists = false; ///< kServiceUser
    bool is_user = false;     ///< this process is of that user
    std::string user{};       ///< this process's
};

/// Where a system bus looks for policies: dbus-daemon's system.conf.
[[nodiscard]] const std::vector<std::string>& bus_policy_folders();

/// `name`: the bus name, of which the policy file has its name. Any thread.
[[nodiscard]] BusPolicyFacts
look_at_bus_policy(const std::string& name,
                   const std::vector<std::string>& folders = bus_policy_folders(),
                   const char* passwd = "/etc/passwd");

/// Why the system bus refused the name, and what to do; one line.
[[nodiscard]] std::string name_refusal(const std::string& name, const BusPolicyFacts& facts);

} // namespace spicykvm::diagnosis
