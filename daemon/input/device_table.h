// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "core/control_port.h"
#include "input/device_match.h"
#include "input/input_node.h"

#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::input {

/// Where chosen nodes go: the input thread.
class DeviceSink {
  public:
    virtual void add(core::DeviceSlot slot, const NodePlan& plan,
                     std::unique_ptr<InputNode> node) = 0;
    virtual void change(core::DeviceSlot slot, const NodePlan& plan) = 0;
    /// Answered by DeviceTable::on_closed().
    virtual void remove(core::DeviceSlot slot, bool unplugged) = 0;

  protected:
    ~DeviceSink() = default;
};

/// The main loop's list of event nodes: which there are, which are chosen and why not, and which of
/// them the input thread has. Nodes that are not chosen are closed.
class DeviceTable {
  public:
    using Opener = std::function<Result<std::unique_ptr<InputNode>>(const NodeIdentity&)>;

    /// `open` is called when a node that was closed is chosen after all.
    DeviceTable(DeviceSink& sink, Opener open);

    void found(std::unique_ptr<InputNode> node);
    /// There is a node, but it is of no use.
    void found_useless(NodeIdentity identity, std::string reason);
    void gone(std::string_view path);
    /// Forgets nodes that nobody has open and whose path leads nowhere.
    void forget_missing(const std::function<bool(const std::string& path)>& exists);
    [[nodiscard]] bool knows(std::string_view path) const;
    /// The input thread has it open.
    [[nodiscard]] bool holds(std::string_view path) const;

    /// Chooses among all nodes; after anything changed. Paths in `selection` are those of nodes.
    void choose(const DeviceSelection& selection, const core::HotkeyTable& hotkeys);

    /// The input thread has closed the node; the slot is free again. Choose again after this.
    void on_closed(core::DeviceSlot slot);
    [[nodiscard]] const NodeIdentity* find(core::DeviceSlot slot) const;
    /// What went wrong with a device in the activation under way; shown until forget_troubles().
    void note_trouble(core::DeviceSlot slot, std::string trouble);
    void forget_troubles();
    /// `grabbed`: a bit for each slot.
    [[nodiscard]] std::vector<core::DeviceStatus> status(std::uint64_t grabbed) const;

  private:
    struct Device {
        NodeIdentity identity;
        Choice choice;
        std::string problem;                  ///< why it can't be used
        std::string trouble;                  ///< of the last activation
        std::unique_ptr<InputNode> node;      ///< open, and not given away
        std::optional<core::DeviceSlot> slot; ///< the input thread has it
        NodePlan sent;                        ///< what the thread knows
        bool closing = false;                 ///< the thread was told to close it
        bool unplugged = false;               ///< forget it when it is closed
    };

    void settle(Device& device);
    void hand_over(Device& device);
    [[nodiscard]] Device* find_device(core::DeviceSlot slot);
    [[nodiscard]] std::optional<core::DeviceSlot> free_slot() const;

    DeviceSink& sink_;
    Opener open_;
    std::vector<Device> devices_;
    std::bitset<core::kMaxDevices> used_slots_;
};

} // namespace spicykvm::input
