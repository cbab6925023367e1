// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/node_access.h"

#include "diagnosis/accounts.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace spicykvm::diagnosis {

namespace {

constexpr mode_t kGroupReadsAndWrites = 0060;

const char* group_of(NodeKind kind) {
    return kind == NodeKind::Input ? "input" : "i2c";
}

const char* subsystem_of(NodeKind kind) {
    return kind == NodeKind::Input ? "input" : "i2c-dev";
}

std::string access_reason(const NodeFacts& facts) {
    if (!facts.is_there) {
        return "a folder above it is closed to user " + facts.user;
    }
    const bool group_may = (facts.mode & kGroupReadsAndWrites) == kGroupReadsAndWrites;
    const std::string owned =
        fmt::format("{}:{}, mode {:04o}", facts.owner, facts.group, facts.mode);
    if (group_may && facts.is_member) {
        return "although its group and mode allow it (" + owned +
               "): a folder above it, SELinux or AppArmor forbids it";
    }
    if (group_may && facts.group != "root") {
        return fmt::format("it is {}, and user {} is not in group {}: SupplementaryGroups={} in "
                           "the unit, or usermod -aG {} {}; then restart spicykvmd",
                           owned, facts.user, facts.group, facts.group, facts.group, facts.user);
    }
    return fmt::format("it is {}, so udev has not given it to group {}: is the udev rule there? "
                       "udevadm trigger --subsystem-match={}",
                       owned, group_of(facts.kind), subsystem_of(facts.kind));
}

std::string forbidden_reason(const NodeFacts& facts) {
    if (facts.kind == NodeKind::Input) {
        return "DevicePolicy= of the unit forbids it: it needs DeviceAllow=char-input rw "
               "(systemctl "
               "cat spicykvmd)";
    }
    return "DevicePolicy= of the unit forbids it: it needs DeviceAllow=char-i2c rw, and i2c-dev "
           "loaded before the start, else systemctl restart spicykvmd";
}

std::string absence_reason(const NodeFacts& facts) {
    if (facts.is_known) {
        return "the kernel has the device, but it is not in /dev here: does PrivateDevices= of the "
               "unit hide it (systemctl cat spicykvmd)?";
    }
    if (facts.kind == NodeKind::I2c) {
        return facts.adapter_is_known
                   ? "the module i2c-dev is not loaded: modprobe i2c-dev, then systemctl restart "
                     "spicykvmd"
                   : "there is no such bus now: spicykvmctl displays has those that are";
    }
    return {};
}

std::string reason(int error_number, const NodeFacts& facts) {
    switch (error_number) {
    case EACCES:
        return access_reason(facts);
    case EPERM:
        return forbidden_reason(facts);
    case ENOENT:
    case ENXIO:
    case ENODEV:
        return absence_reason(facts);
    default:
        return {};
    }
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

bool is_member(gid_t group) {
    const int count = std::max(::getgroups(0, nullptr), 0);
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    const int got = ::getgroups(count, groups.data());
    groups.resize(static_cast<std::size_t>(std::max(got, 0)));
    return ::getegid() == group || std::find(groups.begin(), groups.end(), group) != groups.end();
}

} // namespace

NodeFacts look_at_node(NodeKind kind, const std::string& path) {
    NodeFacts facts;
    facts.kind = kind;
    facts.user = user_name(::geteuid());
    const std::string name = path.substr(path.rfind('/') + 1);
    facts.is_known = exists("/sys/class/" + std::string(subsystem_of(kind)) + "/" + name);
    facts.adapter_is_known = exists("/sys/bus/i2c/devices/" + name);
    struct stat status {};
    facts.is_there = ::stat(path.c_str(), &status) == 0;
    if (facts.is_there) {
        facts.mode = status.st_mode & 07777;
        facts.owner = user_name(status.st_uid);
        facts.group = group_name(status.st_gid);
        facts.is_member = is_member(status.st_gid);
    }
    return facts;
}

std::string open_failure(const std::string& path, int error_number, const NodeFacts& facts) {
    const std::string why = reason(error_number, facts);
    return "open " + path + ": " + std::generic_category().message(error_number) +
           (why.empty() ? "" : ": " + why);
}

} // namespace spicykvm::diagnosis
