// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/forwarder.h"
#include "core/hotkey.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::input {

/// USB or Bluetooth ids, as in "046d:c52b".
struct DeviceId {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;
    bool operator==(const DeviceId&) const = default;
};

/// Event nodes of which everything that is given matches. Nothing given: none.
struct DeviceCriteria {
    std::string name; ///< EVIOCGNAME; fnmatch(3) pattern
    std::string path; ///< node or symbolic link, such as "/dev/input/by-id/..."
    std::optional<DeviceId> id;
    std::string phys; ///< EVIOCGPHYS; fnmatch(3) pattern
    bool operator==(const DeviceCriteria&) const = default;
};

/// Which devices take part. Devices that are named are taken with all nodes of the same physical
/// device, and grabbed at every activation.
struct DeviceSelection {
    /// Every keyboard that has a hotkey, and each pointer from its first motion while active.
    bool automatic = true;
    std::vector<DeviceCriteria> include;
    std::vector<DeviceCriteria> exclude; ///< stronger than everything else
    /// Devices made by programs (uinput) may be taken automatically, too.
    bool virtual_devices = false;
    std::string seat = "seat0";
    bool operator==(const DeviceSelection&) const = default;
};

struct InputSettings {
    DeviceSelection devices;
    core::HotkeyTable hotkeys;
    /// By core::TargetId; a target that is not in here has the defaults.
    std::vector<core::ForwarderSettings> forwarding;
    /// How long keys that can't be released for the host (node not writable) are waited for.
    Milliseconds neutral_deadline{500};
    /// How long the server may leave motions unacknowledged; then keyboard and mouse come home. 0:
    /// for ever.
    Milliseconds stall_timeout{5000};
    /// How long the thread may go on releasing the guest's keys when it is asked to end.
    Milliseconds release_deadline{500};
    /// How old the main loop's lease may be while something is grabbed.
    Milliseconds lease{1000};
    /// SCHED_FIFO priority of the thread, with its memory locked, if permitted; 0: neither.
    /// Only at the start.
    int rt_priority = 10;
    /// Look for devices with udev; off in tests that add their own nodes. Only at the start.
    bool watch_devices = true;
};

} // namespace spicykvm::input
