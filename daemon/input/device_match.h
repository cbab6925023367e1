// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/hotkey.h"
#include "input/input_node.h"
#include "input/input_settings.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace spicykvm::input {

/// What the input thread has to know about a node that takes part.
struct NodePlan {
    bool keyboard = false; ///< one can come home with it: whole keyboard, or a pad with a hotkey
    bool pointer = false;  ///< relative motion and a left button
    bool selected = false; ///< named by the configuration: grabbed at every activation
    bool listens = false;  ///< has all keys of a hotkey: these are let through while inactive
    bool with_keyboard = false; ///< its physical device has a node with `keyboard`
    std::uint32_t group = 0;    ///< the same for all nodes of one physical device
    bool operator==(const NodePlan&) const = default;
};

/// Whether a node takes part, and why (not).
struct Choice {
    bool keyboard = false; ///< what the device is, taken or not
    bool pointer = false;
    bool taken = false;
    NodePlan plan;      ///< if taken
    std::string reason; ///< one line for a person
};

/// Every criterion that is given matches. Paths are compared as they are: resolve links before.
[[nodiscard]] bool matches(const DeviceCriteria& criteria, const NodeIdentity& node);

/// The same for all event nodes of one physical device: bus, port, ids and serial number.
[[nodiscard]] std::string group_key(const NodeIdentity& node);

/// One choice a node, in the same order. What is chosen depends on the whole set: nodes of one
/// device go together, and a keyboard without hotkeys is only taken if none has any.
[[nodiscard]] std::vector<Choice> choose(std::span<const NodeIdentity* const> nodes,
                                         const DeviceSelection& selection,
                                         const core::HotkeyTable& hotkeys);

} // namespace spicykvm::input
