// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/node_table.h"

#include <utility>

namespace spicykvm::input {

namespace {

/// A key may be pressed just between reading the state and the grab; how often that is mended.
constexpr int kGrabAttempts = 3;

} // namespace

void NodeTable::add(core::DeviceSlot slot, std::unique_ptr<InputNode> node,
                    const NodePlan& plan) noexcept {
    NodeEntry& entry = entries_[index(slot)];
    entry = {};
    entry.node = std::move(node);
    entry.plan = plan;
}

std::unique_ptr<InputNode> NodeTable::remove(core::DeviceSlot slot) noexcept {
    return std::move(std::exchange(entries_[index(slot)], {}).node);
}

std::errc NodeTable::set_mask(NodeEntry& entry, NodeMask mask,
                              const core::KeySet& hotkeys) noexcept {
    if (entry.mask == mask && mask.keys != NodeMask::Keys::Hotkeys) {
        return {};
    }
    entry.mask = mask;
    return entry.node->set_mask(mask, hotkeys);
}

bool NodeTable::must_wait(NodeEntry& entry) noexcept {
    core::KeySet held;
    return !entry.grabbed && !entry.node->identity().writable &&
           entry.node->held_keys(held) == std::errc{} && held.any();
}

NodeTable::Taken NodeTable::take(NodeEntry& entry, const core::KeySet& hotkeys) const noexcept {
    InputNode& node = *entry.node;
    Taken taken;
    for (int attempt = 1;; ++attempt) {
        core::KeySet held;
        if (taken.error = node.held_keys(held); taken.error != std::errc{}) {
            return taken;
        }
        // Measured on Linux 6.1: the host sees the release, and the physical one, coming later,
        // changes nothing and is delivered to nobody.
        const bool released = held.none() || node.write_keys(held, false) == std::errc{};
        if (taken.error = node.grab(); taken.error != std::errc{}) {
            return taken;
        }
        // Pressed again, for us alone: so the physical release of a hotkey that is held comes to
        // us, as the end of its gesture.
        const core::KeySet again = released ? held & hotkeys : core::KeySet{};
        if (again.any()) {
            (void)node.write_keys(again, true); // fails only with the device
        }
        // In whole microseconds, as the events' time stamps are.
        entry.since = std::chrono::floor<Microseconds>(now_());
        core::KeySet down;
        (void)node.held_keys(down); // also drops what was queued before
        taken.released += released ? static_cast<unsigned>(held.count()) : 0;
        taken.keys_kept = (down & ~again).any();
        taken.down = down & hotkeys;
        if (!released || !taken.keys_kept || attempt == kGrabAttempts) {
            break;
        }
        node.ungrab(); // a key was pressed meanwhile, maybe still for the host: once more
    }
    entry.grabbed = true;
    entry.moved = entry.moved || entry.plan.pointer;
    return taken;
}

void NodeTable::show_leds(NodeEntry& entry, core::LedState leds) noexcept {
    const NodeIdentity& identity = entry.node->identity();
    if (!identity.leds || !identity.writable) {
        return;
    }
    if (!entry.host_leds) {
        core::LedState host;
        if (entry.node->read_leds(host) != std::errc{}) {
            return;
        }
        entry.host_leds = host;
    }
    entry.node->write_leds(leds);
    entry.leds_written = true;
}

void NodeTable::after_ungrab(NodeEntry& entry) noexcept {
    entry.grabbed = false;
    if (std::exchange(entry.leds_written, false) && entry.host_leds) {
        entry.node->write_leds(*entry.host_leds);
    }
    entry.host_leds.reset();
}

unsigned NodeTable::grabbed_keyboards() noexcept {
    unsigned count = 0;
    for_each([&count](core::DeviceSlot, const NodeEntry& entry) {
        count += entry.grabbed && entry.plan.keyboard ? 1 : 0;
    });
    return count;
}

unsigned NodeTable::grabbed_pointers() noexcept {
    unsigned count = 0;
    for_each([&count](core::DeviceSlot, const NodeEntry& entry) {
        count += entry.grabbed && entry.plan.pointer ? 1 : 0;
    });
    return count;
}

std::uint64_t NodeTable::grabbed_bits() noexcept {
    std::uint64_t bits = 0;
    for_each([&bits](core::DeviceSlot slot, const NodeEntry& entry) {
        bits |= static_cast<std::uint64_t>(entry.grabbed) << index(slot);
    });
    return bits;
}

bool NodeTable::group_moved(std::uint32_t group) noexcept {
    bool moved = false;
    for_each([&moved, group](core::DeviceSlot, const NodeEntry& entry) {
        moved = moved || (entry.plan.group == group && entry.moved);
    });
    return moved;
}

} // namespace spicykvm::input
