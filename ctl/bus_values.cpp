// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/bus_values.h"

#include <algorithm>

namespace spicykvm::ctl {

namespace {

template <typename T>
void take(const Dict& dict, const char* key, T& out) {
    const auto found = dict.find(key);
    if (found != dict.end() && found->second.containsValueOfType<T>()) {
        out = found->second.get<T>();
    }
}

Target to_target(const Dict& dict) {
    Target target;
    sdbus::ObjectPath path;
    take(dict, "path", path);
    target.path = path;
    take(dict, "name", target.name);
    take(dict, "uri", target.uri);
    take(dict, "connection", target.connection);
    take(dict, "vm_name", target.vm_name);
    take(dict, "vm_uuid", target.vm_uuid);
    take(dict, "last_error", target.last_error);
    take(dict, "hotkey", target.hotkey);
    take(dict, "insecure", target.insecure);
    return target;
}

} // namespace

Status to_status(const Dict& dict) {
    Status status;
    take(dict, "version", status.version);
    take(dict, "state", status.state);
    take(dict, "active_target", status.active_target);
    take(dict, "default_target", status.default_target);
    take(dict, "since", status.since_us);
    if (const auto found = dict.find("activator");
        found != dict.end() && found->second.containsValueOfType<std::uint32_t>()) {
        status.activator = found->second.get<std::uint32_t>();
    }
    take(dict, "last_error", status.last_error);
    take(dict, "warnings", status.warnings);
    take(dict, "keyboards_grabbed", status.keyboards_grabbed);
    take(dict, "pointers_grabbed", status.pointers_grabbed);
    take(dict, "metrics", status.metrics);
    std::vector<Dict> targets;
    take(dict, "targets", targets);
    std::transform(targets.begin(), targets.end(), std::back_inserter(status.targets), to_target);
    return status;
}

std::vector<Device> to_devices(const std::vector<Dict>& dicts) {
    std::vector<Device> devices;
    for (const Dict& dict : dicts) {
        Device& device = devices.emplace_back();
        take(dict, "node", device.node);
        take(dict, "name", device.name);
        take(dict, "id", device.id);
        take(dict, "phys", device.phys);
        take(dict, "keyboard", device.keyboard);
        take(dict, "pointer", device.pointer);
        take(dict, "used", device.used);
        take(dict, "grabbed", device.grabbed);
        take(dict, "note", device.note);
    }
    return devices;
}

void apply_manager(Status& status, const Dict& changed) {
    take(changed, "State", status.state);
    take(changed, "ActiveTarget", status.active_target);
    take(changed, "LastError", status.last_error);
}

void apply_target(Status& status, const std::string& path, const Dict& changed) {
    const auto target = std::find_if(status.targets.begin(), status.targets.end(),
                                     [&](const Target& t) { return t.path == path; });
    if (target == status.targets.end()) {
        return;
    }
    take(changed, "Uri", target->uri);
    take(changed, "Connection", target->connection);
    take(changed, "VmName", target->vm_name);
    take(changed, "VmUuid", target->vm_uuid);
    take(changed, "LastError", target->last_error);
    take(changed, "Hotkey", target->hotkey);
    take(changed, "Insecure", target->insecure);
}

} // namespace spicykvm::ctl
