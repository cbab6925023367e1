// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/device_table.h"

#include "base/log.h"
#include "base/text.h"

#include <algorithm>
#include <utility>

namespace spicykvm::input {

namespace {

std::string describe(const NodeIdentity& identity) {
    return identity.path + " (" + printable(identity.name) + ")";
}

} // namespace

DeviceTable::DeviceTable(DeviceSink& sink, Opener open) : sink_(sink), open_(std::move(open)) {}

void DeviceTable::found(std::unique_ptr<InputNode> node) {
    Device device;
    device.identity = node->identity();
    device.node = std::move(node);
    devices_.push_back(std::move(device));
}

void DeviceTable::found_useless(NodeIdentity identity, std::string reason) {
    Device device;
    device.identity = std::move(identity);
    device.problem = std::move(reason);
    devices_.push_back(std::move(device));
}

void DeviceTable::gone(std::string_view path) {
    for (Device& device : devices_) {
        if (device.identity.path == path && !device.unplugged) {
            device.unplugged = true;
            if (device.slot && !std::exchange(device.closing, true)) {
                sink_.remove(*device.slot, true);
            }
        }
    }
    std::erase_if(devices_, [](const Device& one) { return one.unplugged && !one.slot; });
}

void DeviceTable::forget_missing(const std::function<bool(const std::string& path)>& exists) {
    std::erase_if(devices_, [&exists](const Device& device) {
        return !device.slot && !exists(device.identity.path);
    });
}

bool DeviceTable::knows(std::string_view path) const {
    return std::any_of(devices_.begin(), devices_.end(), [path](const Device& device) {
        return device.identity.path == path && !device.unplugged;
    });
}

bool DeviceTable::holds(std::string_view path) const {
    return std::any_of(devices_.begin(), devices_.end(), [path](const Device& device) {
        return device.identity.path == path && device.slot && !device.unplugged;
    });
}

void DeviceTable::choose(const DeviceSelection& selection, const core::HotkeyTable& hotkeys) {
    std::vector<Device*> candidates;
    std::vector<const NodeIdentity*> identities;
    for (Device& device : devices_) {
        if (!device.unplugged && device.problem.empty()) {
            candidates.push_back(&device);
            identities.push_back(&device.identity);
        }
    }
    std::vector<Choice> choices = input::choose(identities, selection, hotkeys);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        candidates[i]->choice = std::move(choices[i]);
        settle(*candidates[i]);
    }
}

/// Brings what the input thread has in line with the choice.
void DeviceTable::settle(Device& device) {
    const bool wanted = device.choice.taken;
    if (device.slot) {
        if (!wanted && !std::exchange(device.closing, true)) {
            sink_.remove(*device.slot, false);
        } else if (wanted && !device.closing && device.sent != device.choice.plan) {
            device.sent = device.choice.plan;
            sink_.change(*device.slot, device.sent);
        }
    } else if (wanted) {
        hand_over(device);
    } else {
        device.node.reset();
    }
}

void DeviceTable::hand_over(Device& device) {
    const auto slot = free_slot();
    if (!slot) {
        device.problem = "too many devices";
        return;
    }
    if (!device.node) {
        auto opened = open_(device.identity);
        if (!opened) {
            device.problem = opened.error().message;
            log("input").warn("{}; ignoring the device", device.problem);
            return;
        }
        device.node = std::move(*opened);
    }
    const bool writable = device.node->identity().writable;
    log("input").info("{}: {}{}", describe(device.identity), device.choice.reason,
                      writable ? "" : "; read-only: held keys can't be released at a switch");
    used_slots_.set(index(*slot));
    device.slot = slot;
    device.closing = false;
    device.sent = device.choice.plan;
    sink_.add(*slot, device.sent, std::move(device.node));
}

void DeviceTable::on_closed(core::DeviceSlot slot) {
    Device* const device = find_device(slot);
    used_slots_.reset(index(slot));
    if (device == nullptr) {
        return;
    }
    device->slot.reset();
    if (device->unplugged) {
        log("input").info("{}: gone", describe(device->identity));
        std::erase_if(devices_, [device](const Device& one) { return &one == device; });
    } else if (!std::exchange(device->closing, false)) {
        // The kernel says so first; udev's message will follow.
        device->problem = "unplugged";
    }
}

DeviceTable::Device* DeviceTable::find_device(core::DeviceSlot slot) {
    const auto found = std::find_if(devices_.begin(), devices_.end(),
                                    [slot](const Device& one) { return one.slot == slot; });
    return found != devices_.end() ? &*found : nullptr;
}

const NodeIdentity* DeviceTable::find(core::DeviceSlot slot) const {
    const auto found = std::find_if(devices_.begin(), devices_.end(),
                                    [slot](const Device& one) { return one.slot == slot; });
    return found != devices_.end() ? &found->identity : nullptr;
}

void DeviceTable::note_trouble(core::DeviceSlot slot, std::string trouble) {
    if (Device* const device = find_device(slot)) {
        device->trouble = std::move(trouble);
    }
}

void DeviceTable::forget_troubles() {
    for (Device& device : devices_) {
        device.trouble.clear();
    }
}

std::optional<core::DeviceSlot> DeviceTable::free_slot() const {
    for (std::size_t i = 0; i < used_slots_.size(); ++i) {
        if (!used_slots_.test(i)) {
            return static_cast<core::DeviceSlot>(i);
        }
    }
    return std::nullopt;
}

std::vector<core::DeviceStatus> DeviceTable::status(std::uint64_t grabbed) const {
    std::vector<core::DeviceStatus> list;
    for (const Device& device : devices_) {
        if (device.unplugged) {
            continue;
        }
        core::DeviceStatus status;
        status.node = device.identity.path;
        status.name = printable(device.identity.name);
        status.id =
            fmt::format("{:04x}:{:04x}", device.identity.id.vendor, device.identity.id.product);
        status.phys = printable(device.identity.phys);
        status.keyboard = device.choice.keyboard;
        status.pointer = device.choice.pointer;
        status.used = device.slot.has_value() && !device.closing;
        status.grabbed = device.slot && (grabbed >> index(*device.slot) & 1U) != 0;
        status.note = !device.problem.empty()   ? device.problem
                      : !device.trouble.empty() ? device.trouble
                                                : device.choice.reason;
        list.push_back(std::move(status));
    }
    std::sort(list.begin(), list.end(), [](const auto& left, const auto& right) {
        // event2 before event10
        return std::pair(left.node.size(), left.node) < std::pair(right.node.size(), right.node);
    });
    return list;
}

} // namespace spicykvm::input
