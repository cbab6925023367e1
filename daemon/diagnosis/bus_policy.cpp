// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/bus_policy.h"

#include "diagnosis/accounts.h"

#include <unistd.h>

namespace spicykvm::diagnosis {

const std::vector<std::string>& bus_policy_folders() {
    static const std::vector<std::string> folders{"/etc/dbus-1/system.d",
                                                  "/usr/share/dbus-1/system.d"};
    return folders;
}

BusPolicyFacts look_at_bus_policy(const std::string& name, const std::vector<std::string>& folders,
                                  const char* passwd) {
    BusPolicyFacts facts;
    for (const std::string& folder : folders) {
        const std::string file = folder + "/" + name + ".conf";
        if (::access(file.c_str(), F_OK) == 0) {
            facts.file = file;
        }
    }
    const auto uid = find_user(kServiceUser, passwd);
    facts.user_exists = uid.has_value();
    facts.is_user = uid == ::geteuid();
    facts.user = user_name(::geteuid(), passwd);
    return facts;
}

std::string name_refusal(const std::string& name, const BusPolicyFacts& facts) {
    const std::string text = "cannot own " + name + ": ";
    const std::string user = kServiceUser;
    if (facts.file.empty()) {
        return text + name + ".conf is not in /usr/share/dbus-1/system.d: install it, then " +
               "systemctl reload dbus";
    }
    if (!facts.user_exists) {
        return text + "the user " + user + " of " + facts.file +
               " does not exist: systemd-sysusers, then systemctl reload dbus";
    }
    if (!facts.is_user) {
        return text + "on the system bus only user " + user + " may, and this is user " +
               facts.user + ": systemctl start spicykvmd, or spicykvmd --bus session";
    }
    return text + "the bus has not loaded " + facts.file + ", or the user " + user +
           " did not exist when it did: systemctl reload dbus";
}

} // namespace spicykvm::diagnosis
