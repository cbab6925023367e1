// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/json.h"

#include <nlohmann/json.hpp>

namespace spicykvm::ctl {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json object(const Target& target) {
    return {{"name", target.name},
            {"uri", target.uri},
            {"connection", target.connection},
            {"vm_name", or_null(target.vm_name)},
            {"vm_uuid", or_null(target.vm_uuid)},
            {"last_error", or_null(target.last_error)},
            {"hotkey", or_null(target.hotkey)},
            {"insecure", target.insecure},
            {"path", target.path}};
}

Json object(const Device& device) {
    return {{"node", device.node},
            {"name", device.name},
            {"id", device.id},
            {"phys", or_null(device.phys)},
            {"keyboard", device.keyboard},
            {"pointer", device.pointer},
            {"used", device.used},
            {"grabbed", device.grabbed},
            {"note", or_null(device.note)}};
}

template <typename T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json object(const ConfiguredMonitor& monitor) {
    return {{"target", monitor.target},     {"name", monitor.name},
            {"host", monitor.host},         {"guest", monitor.guest},
            {"way_home", monitor.way_home}, {"home_by", or_null(monitor.home_by)},
            {"note", or_null(monitor.note)}};
}

Json object(const AudioStream& stream) {
    return {{"target", stream.target},
            {"kind", stream.kind},
            {"when", stream.when},
            {"open", stream.open},
            {"state", or_null(stream.state)},
            {"problem", or_null(stream.problem)},
            {"hint", or_null(stream.hint)},
            {"node", or_null(stream.node)},
            {"latency_target_us", or_null(stream.latency_target_us)},
            {"latency_us", or_null(stream.latency_us)},
            {"quantum", or_null(stream.quantum)},
            {"tick_us", or_null(stream.tick_us)},
            {"drift_ppm", or_null(stream.drift_ppm)},
            {"lateness_us", stream.lateness_us},
            {"underruns", or_null(stream.underruns)},
            {"skips", or_null(stream.skips)},
            {"silence_ms", or_null(stream.silence_ms)}};
}

Json object(const Display& display);

template <typename T>
Json list(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) {
        array.push_back(object(value));
    }
    return array;
}

Json object(const Display& display) {
    return {{"connector", or_null(display.connector)},
            {"monitor", or_null(display.monitor)},
            {"bus", or_null(display.bus)},
            {"ddc", display.ddc},
            {"input", or_null(display.input)},
            {"input_name", or_null(display.input_name)},
            {"note", or_null(display.note)},
            {"configured", list(display.configured)}};
}

Json object(const Status& status) {
    Json metrics = Json::object();
    for (const auto& [name, value] : status.metrics) {
        metrics[name] = value;
    }
    return {{"version", status.version},
            {"state", status.state},
            {"active_target", or_null(status.active_target)},
            {"default_target", or_null(status.default_target)},
            {"since_monotonic_us", status.since_us},
            {"activator_uid", or_null(status.activator)},
            {"last_error", or_null(status.last_error)},
            {"blocked", or_null(status.blocked)},
            {"warnings", status.warnings},
            {"keyboards_grabbed", status.keyboards_grabbed},
            {"pointers_grabbed", status.pointers_grabbed},
            {"targets", list(status.targets)},
            {"audio", list(status.audio)},
            {"metrics", metrics}};
}

struct ToObject {
    Json operator()(const DaemonEvent& event) const {
        return {{"event", "daemon"}, {"running", event.running}};
    }
    Json operator()(const StateEvent& event) const {
        return {{"event", "state"},
                {"state", event.state},
                {"active_target", or_null(event.active_target)},
                {"last_error", or_null(event.last_error)}};
    }
    Json operator()(const TargetEvent& event) const {
        Json json{{"event", "target"}};
        json.update(object(event.target));
        return json;
    }
    Json operator()(const TargetGoneEvent& event) const {
        return {{"event", "target-gone"}, {"name", event.name}};
    }
    Json operator()(const SwitchEvent& event) const {
        Json steps = Json::array();
        for (const Step& step : event.steps) {
            steps.push_back(
                {{"step", step.step}, {"outcome", step.outcome}, {"reason", or_null(step.reason)}});
        }
        return {{"event", "switch"},
                {"target", event.target},
                {"reason", event.reason},
                {"steps", steps}};
    }
};

/// Text that is no UTF-8 must not keep a script from getting the rest.
std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string to_json(const Status& status) {
    return dump(object(status));
}

std::string to_json(const std::vector<Target>& targets) {
    return dump(list(targets));
}

std::string to_json(const std::vector<Device>& devices) {
    return dump(list(devices));
}

std::string to_json(const std::vector<Display>& displays) {
    return dump(list(displays));
}

std::string to_json(const std::vector<Check>& checks) {
    Json list = Json::array();
    for (const Check& check : checks) {
        list.push_back(
            {{"check", check.name}, {"verdict", to_string(check.verdict)}, {"text", check.text}});
    }
    return list.dump();
}

std::string to_json(const Event& event) {
    return dump(std::visit(ToObject{}, event));
}

} // namespace spicykvm::ctl
