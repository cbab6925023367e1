// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace spicykvm::diagnosis {

/// The services that are known to grab keyboards, as patterns for systemd's ListUnitsByPatterns().
[[nodiscard]] const std::vector<std::string>& grabber_units();

/// A process that has a node open; whether it also grabs it, nobody can ask.
struct Holder {
    pid_t pid = 0;
    std::string name{}; ///< /proc/PID/comm

    bool operator==(const Holder&) const = default;
};
/// As far as this process may look into others: root into all, a user into his own. `proc` is for
/// tests.
[[nodiscard]] std::vector<Holder> holders_of(const std::string& node,
                                             const std::string& proc = "/proc");
/// Those of them that are known to grab keyboards.
[[nodiscard]] std::vector<Holder> known_grabbers(const std::vector<Holder>& holders);
/// The same; if there are none, all but those that are known
/// to open every node and grab none (logind, compositors).
[[nodiscard]] std::vector<Holder> suspects(const std::vector<Holder>& holders);

/// "keyd.service is running, which grabs keyboards: systemctl stop keyd.service, or let it leave
/// one alone"; without units, how to find out.
[[nodiscard]] std::string name_grabbers(const std::vector<std::string>& units);
/// "keyd (pid 812), kanata (pid 13)".
[[nodiscard]] std::string name_holders(const std::vector<Holder>& holders);

} // namespace spicykvm::diagnosis
