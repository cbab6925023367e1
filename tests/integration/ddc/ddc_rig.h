// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/helper_client.h"
#include "support/edid_bytes.h"
#include "support/run_until.h"
#include "support/sysfs_tree.h"

#include <fstream>
#include <linux/landlock.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace spicykvm::test {

/// Whether this kernel can restrict the files of a process.
inline bool has_landlock() {
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

/// Folders for a helper, with monitors in them.
class DdcRig {
  public:
    DdcRig() { std::filesystem::create_directories(dev()); }

    /// A monitor on "card1-DP-<bus>"; `habits`: see scripted_nodes.cpp.
    void add_monitor(unsigned bus, const std::string& habits = "") {
        const std::string connector = "card1-DP-" + std::to_string(bus);
        tree.connector(connector, edid_bytes());
        tree.aux(connector, bus);
        become(bus, habits);
    }
    void become(unsigned bus, const std::string& habits) { SysfsTree::write(node(bus), habits); }

    [[nodiscard]] ddc::HelperCommand command(const std::string& program) const {
        return {program, {"--dev", dev(), "--sys", tree.root()}};
    }
    [[nodiscard]] std::filesystem::path dev() const { return folder.path() / "dev"; }
    [[nodiscard]] std::filesystem::path node(unsigned bus) const {
        return dev() / ("i2c-" + std::to_string(bus));
    }
    /// What monitors were sent: "5: 51 84 ..".
    [[nodiscard]] std::vector<std::string> received() const {
        std::ifstream file(dev() / "received");
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) {
            lines.push_back(line);
        }
        return lines;
    }

    TempFolder folder;
    SysfsTree tree{folder.path() / "sys"};
};

} // namespace spicykvm::test
