// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/status_map.h"

#include "service/errors.h"
#include "spicykvm-dbus/names.h"

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <systemd/sd-bus.h>
#include <vector>

namespace spicykvm::service {

namespace {

template <typename Item>
sdbus::Variant list(const std::vector<Item>& items) {
    std::vector<Dictionary> described;
    for (const auto& item : items) {
        described.push_back(describe(item));
    }
    return sdbus::Variant(described);
}

std::uint64_t to_usec(TimePoint time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<Microseconds>(time.time_since_epoch()).count());
}

} // namespace

sdbus::Variant text(std::string_view value) {
    return sdbus::Variant(utf8(value));
}

sdbus::Variant lines(const std::vector<std::string>& items) {
    std::vector<std::string> clean;
    for (const auto& item : items) {
        clean.push_back(utf8(item));
    }
    return sdbus::Variant(clean);
}

Dictionary describe(const core::StatusSnapshot& status, const core::Metrics& metrics) {
    Dictionary map{
        {"version", text(SPICYKVM_VERSION)},
        {"state", text(to_string(status.state))},
        {"active_target", text(status.active_target)},
        {"default_target", text(status.default_target)},
        {"since", sdbus::Variant(to_usec(status.since))},
        {"last_error", text(status.last_error)},
        {"warnings", lines(status.warnings)},
        {"keyboards_grabbed", sdbus::Variant(std::uint32_t{status.keyboards_grabbed})},
        {"pointers_grabbed", sdbus::Variant(std::uint32_t{status.pointers_grabbed})},
        {"targets", list(status.targets)},
        {"metrics", sdbus::Variant(describe(metrics))},
    };
    if (!status.blocked.empty()) {
        map.emplace("blocked", text(status.blocked));
    }
    if (status.activator) {
        map.emplace("activator", sdbus::Variant(std::uint32_t{*status.activator}));
    }
    return map;
}

Dictionary describe(const core::TargetStatus& target) {
    return {
        {"path", sdbus::Variant(target_path(target.name))},
        {"name", text(target.name)},
        {"uri", text(target.uri)},
        {"connection", text(to_string(target.connection))},
        {"vm_name", text(target.guest.name)},
        {"vm_uuid", text(to_text(target.guest.uuid))},
        {"last_error", text(target.last_error)},
        {"hotkey", text(target.hotkey)},
        {"insecure", sdbus::Variant(target.insecure)},
    };
}

Dictionary describe(const core::DeviceStatus& device) {
    return {
        {"node", text(device.node)},
        {"name", text(device.name)},
        {"id", text(device.id)},
        {"phys", text(device.phys)},
        {"keyboard", sdbus::Variant(device.keyboard)},
        {"pointer", sdbus::Variant(device.pointer)},
        {"used", sdbus::Variant(device.used)},
        {"grabbed", sdbus::Variant(device.grabbed)},
        {"note", text(device.note)},
    };
}

std::map<std::string, std::uint64_t> describe(const core::Metrics& metrics) {
    return {
        {"activations", metrics.activations},
        {"activations_failed", metrics.activations_failed},
        {"deactivations", metrics.deactivations},
        {"panic_chords", metrics.panic_chords},
        {"leases_missed", metrics.leases_missed},
        {"connections", metrics.connections},
        {"connections_lost", metrics.connections_lost},
        {"events_read", metrics.events_read},
        {"events_dropped", metrics.events_dropped},
        {"keys_sent", metrics.keys_sent},
        {"buttons_sent", metrics.buttons_sent},
        {"motions_sent", metrics.motions_sent},
        {"motions_merged", metrics.motions_merged},
        {"motions_in_flight", metrics.motions_in_flight},
        {"stalls", metrics.stalls},
        {"enter_us", metrics.enter_us},
        {"ungrab_us", metrics.ungrab_us},
        {"ungrab_max_us", metrics.ungrab_max_us},
        {"latency_p50_ns", metrics.latency_p50_ns},
        {"latency_p99_ns", metrics.latency_p99_ns},
        {"latency_max_ns", metrics.latency_max_ns},
    };
}

std::string to_text(const std::optional<core::Uuid>& uuid) {
    if (!uuid) {
        return {};
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < uuid->size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text += '-';
        }
        text += digits[(*uuid)[i] >> 4];
        text += digits[(*uuid)[i] & 0x0F];
    }
    return text;
}

sdbus::ObjectPath encoded_path(const char* prefix, const std::string& name) {
    char* path = nullptr;
    if (sd_bus_path_encode(prefix, name.c_str(), &path) < 0) {
        throw std::bad_alloc();
    }
    const std::unique_ptr<char, decltype(&std::free)> owner(path, std::free);
    return sdbus::ObjectPath(path);
}

sdbus::ObjectPath target_path(const std::string& name) {
    return encoded_path(dbus::kTargetPrefix, name);
}

} // namespace spicykvm::service
