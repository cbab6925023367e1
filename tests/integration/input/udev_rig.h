// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/guest_input.h"

#include <cstdint>
#include <linux/input.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

using UMockdevTestbed = struct _UMockdevTestbed;

namespace spicykvm::test {

/// What the daemon did to a node.
struct NodeRecord {
    std::map<unsigned, std::vector<std::uint8_t>> masks; ///< by event type
    std::vector<input_event> written;
    bool monotonic = false;
    bool grabbed = false;
};

/// Keyboards under a faked /dev and /sys, with udev's messages (umockdev): real opens, ioctls and
/// netlink on this side, no kernel on the other. Its event queue is a pty, so it proves nothing
/// about grabs and masks, and umockdev 0.17's realpath() writes outside its memory for such a node;
/// tests/vm has real nodes for that.
class UdevRig {
  public:
    UdevRig();
    UdevRig(const UdevRig&) = delete;
    UdevRig& operator=(const UdevRig&) = delete;
    ~UdevRig();

    /// True if the process was started with umockdev's library preloaded.
    static bool available();

    /// Adds /dev/input/event<number> and lets udev tell of it. Each number once.
    void plug(int number, const std::string& name = "Rig Keyboard");
    void unplug(int number);
    void type(int number, int code);
    /// The keys that the device says are down.
    void set_held(int number, std::vector<int> codes);
    void set_leds(int number, core::LedState leds);
    /// Someone else has the device.
    void set_busy(int number);
    [[nodiscard]] NodeRecord record(int number);

  private:
    struct Node;

    UMockdevTestbed* testbed_;
    std::map<int, std::unique_ptr<Node>> nodes_;
};

} // namespace spicykvm::test
