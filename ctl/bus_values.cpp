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

/// What may be missing.
template <typename T>
void take(const Dict& dict, const char* key, std::optional<T>& out) {
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

ConfiguredMonitor to_configured(const Dict& dict) {
    ConfiguredMonitor monitor;
    take(dict, "target", monitor.target);
    take(dict, "name", monitor.name);
    take(dict, "host", monitor.host);
    take(dict, "guest", monitor.guest);
    take(dict, "way_home", monitor.way_home);
    take(dict, "home_by", monitor.home_by);
    take(dict, "note", monitor.note);
    return monitor;
}

AudioStream to_audio(const Dict& dict) {
    AudioStream stream;
    take(dict, "target", stream.target);
    take(dict, "kind", stream.kind);
    take(dict, "when", stream.when);
    take(dict, "open", stream.open);
    take(dict, "state", stream.state);
    take(dict, "problem", stream.problem);
    take(dict, "hint", stream.hint);
    take(dict, "node", stream.node);
    take(dict, "latency_target_us", stream.latency_target_us);
    take(dict, "latency_us", stream.latency_us);
    take(dict, "quantum", stream.quantum);
    take(dict, "tick_us", stream.tick_us);
    take(dict, "drift_ppm", stream.drift_ppm);
    take(dict, "lateness_us", stream.lateness_us);
    take(dict, "underruns", stream.underruns);
    take(dict, "skips", stream.skips);
    take(dict, "silence_ms", stream.silence_ms);
    return stream;
}

} // namespace

Status to_status(const Dict& dict) {
    Status status;
    take(dict, "version", status.version);
    take(dict, "state", status.state);
    take(dict, "active_target", status.active_target);
    take(dict, "default_target", status.default_target);
    take(dict, "since", status.since_us);
    take(dict, "activator", status.activator);
    take(dict, "last_error", status.last_error);
    take(dict, "blocked", status.blocked);
    take(dict, "warnings", status.warnings);
    take(dict, "keyboards_grabbed", status.keyboards_grabbed);
    take(dict, "pointers_grabbed", status.pointers_grabbed);
    take(dict, "metrics", status.metrics);
    std::vector<Dict> targets;
    take(dict, "targets", targets);
    std::transform(targets.begin(), targets.end(), std::back_inserter(status.targets), to_target);
    std::vector<Dict> audio;
    take(dict, "audio", audio);
    std::transform(audio.begin(), audio.end(), std::back_inserter(status.audio), to_audio);
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

std::vector<ReturnTrial> to_trials(const std::vector<Dict>& dicts) {
    std::vector<ReturnTrial> trials;
    for (const Dict& dict : dicts) {
        ReturnTrial& trial = trials.emplace_back();
        take(dict, "way", trial.way);
        take(dict, "verdict", trial.verdict);
        take(dict, "note", trial.note);
    }
    return trials;
}

std::vector<Display> to_displays(const std::vector<Dict>& dicts) {
    std::vector<Display> displays;
    for (const Dict& dict : dicts) {
        Display& display = displays.emplace_back();
        take(dict, "connector", display.connector);
        take(dict, "monitor", display.monitor);
        take(dict, "bus", display.bus);
        take(dict, "ddc", display.ddc);
        take(dict, "input", display.input);
        take(dict, "input_name", display.input_name);
        take(dict, "note", display.note);
        std::vector<Dict> configured;
        take(dict, "configured", configured);
        std::transform(configured.begin(), configured.end(), std::back_inserter(display.configured),
                       to_configured);
    }
    return displays;
}

Feature to_feature(const Dict& dict) {
    Feature feature;
    take(dict, "supported", feature.supported);
    take(dict, "current", feature.current);
    take(dict, "maximum", feature.maximum);
    take(dict, "name", feature.name);
    return feature;
}

std::string to_note(const Dict& dict) {
    std::string note;
    take(dict, "note", note);
    return note;
}

Capabilities to_capabilities(const Dict& dict) {
    Capabilities capabilities;
    take(dict, "protocol", capabilities.protocol);
    take(dict, "type", capabilities.type);
    take(dict, "model", capabilities.model);
    take(dict, "mccs_version", capabilities.mccs_version);
    take(dict, "features", capabilities.features);
    take(dict, "inputs", capabilities.inputs);
    take(dict, "warnings", capabilities.warnings);
    return capabilities;
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
