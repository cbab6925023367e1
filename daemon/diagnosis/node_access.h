// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace spicykvm::diagnosis {

enum class NodeKind : std::uint8_t { Input, I2c };

/// What can be seen of a device node, and of this process, without opening it.
struct NodeFacts {
    NodeKind kind = NodeKind::Input;
    bool is_there = false;         ///< in this process's /dev
    bool is_known = false;         ///< /sys/class has it, so there should be a node
    bool adapter_is_known = false; ///< I2c: the kernel has the bus, with or without i2c-dev
    mode_t mode = 0;               ///< permission bits
    std::string owner{};           ///< a name, or a number
    std::string group{};           ///< a name, or a number
    bool is_member = false;        ///< this process is of that group
    std::string user{};            ///< this process's
};

/// Looks at `path`, such as "/dev/input/event3" or "/dev/i2c-5". Asks /etc/passwd and /etc/group
/// alone: no name service that could make the caller wait. Any thread.
[[nodiscard]] NodeFacts look_at_node(NodeKind kind, const std::string& path);

/// Why open() of `path` failed with `error_number` (an errno value), and what to do; one line:
/// "open /dev/input/event3: Permission denied: ...".
///
/// EACCES is the node's owner, group and mode. EPERM is the device control group that
/// DevicePolicy= makes (systemd.resource-control(5)). ENOENT of a device that the kernel has is a
/// /dev of the unit's own (PrivateDevices=), or i2c-dev that is not loaded.
[[nodiscard]] std::string open_failure(const std::string& path, int error_number,
                                       const NodeFacts& facts);

} // namespace spicykvm::diagnosis
