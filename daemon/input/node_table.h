// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/event.h"
#include "core/guest_input.h"
#include "input/device_match.h"
#include "input/input_node.h"
#include "input/ungrabber.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <system_error>

namespace spicykvm::input {

/// An open node on the input thread, with what is known about its state in the kernel.
struct NodeEntry {
    std::unique_ptr<InputNode> node;
    NodePlan plan;
    NodeMask mask;
    bool grabbed = false;
    bool dropping = false;    ///< SYN_DROPPED came: nothing counts up to the next SYN_REPORT
    bool watch_all = false;   ///< a hotkey is undecided: this node may show that it is none
    bool moved = false;       ///< a pointer that was in use once
    bool grab_failed = false; ///< not tried again before the next activation
    bool lent = false;        ///< back on the host for a while
    bool leds_written = false;
    std::optional<core::LedState> host_leds; ///< as before the grab
    TimePoint since;                         ///< what happened earlier was for the host
};

/// The nodes of the input thread and how to take them from the host and give them back, so that no
/// key is left down there.
class NodeTable {
  public:
    struct Taken {
        std::errc error{};
        unsigned released = 0;  ///< keys released for the host
        bool keys_kept = false; ///< keys are down that could not be released
        core::KeySet down;      ///< hotkey keys that are held and will be released to us
    };

    using Now = TimePoint (*)() noexcept;

    explicit NodeTable(Now now) noexcept : now_(now) {}

    [[nodiscard]] NodeEntry* find(core::DeviceSlot slot) noexcept {
        NodeEntry& entry = entries_[index(slot)];
        return entry.node ? &entry : nullptr;
    }
    template <typename Function>
    void for_each(Function function) {
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            if (entries_[i].node) {
                function(static_cast<core::DeviceSlot>(i), entries_[i]);
            }
        }
    }

    void add(core::DeviceSlot slot, std::unique_ptr<InputNode> node, const NodePlan& plan) noexcept;
    std::unique_ptr<InputNode> remove(core::DeviceSlot slot) noexcept;

    /// Lets through what is needed; no call to the kernel if that is so already.
    static std::errc set_mask(NodeEntry& entry, NodeMask mask,
                              const core::KeySet& hotkeys) noexcept;
    /// True if grabbing it now would leave keys down on the host.
    [[nodiscard]] static bool must_wait(NodeEntry& entry) noexcept;
    /// Releases held keys for the host, then grabs. The mask must be open.
    [[nodiscard]] Taken take(NodeEntry& entry, const core::KeySet& hotkeys) const noexcept;
    /// Shows `leds` on a grabbed keyboard.
    static void show_leds(NodeEntry& entry, core::LedState leds) noexcept;
    /// After the ungrab: the host's LEDs.
    static void after_ungrab(NodeEntry& entry) noexcept;

    [[nodiscard]] unsigned grabbed_keyboards() noexcept;
    [[nodiscard]] unsigned grabbed_pointers() noexcept;
    [[nodiscard]] std::uint64_t grabbed_bits() noexcept;
    [[nodiscard]] bool group_moved(std::uint32_t group) noexcept;

  private:
    Now now_;
    std::array<NodeEntry, core::kMaxDevices> entries_{};
};

} // namespace spicykvm::input
