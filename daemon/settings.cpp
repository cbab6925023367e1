// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"

#include <algorithm>

namespace spicykvm {

namespace {

std::vector<input::DeviceCriteria> criteria(const std::vector<config::DeviceRule>& rules) {
    std::vector<input::DeviceCriteria> list;
    for (const auto& rule : rules) {
        input::DeviceCriteria one{
            .name = rule.name, .path = rule.path, .id = std::nullopt, .phys = rule.phys};
        if (rule.id) {
            one.id = input::DeviceId{rule.id->vendor, rule.id->product};
        }
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace

input::InputSettings input_settings(const config::Config& config, const Targets& targets) {
    input::InputSettings settings;
    settings.devices = {.automatic = config.input.devices.automatic,
                        .include = criteria(config.input.devices.rules),
                        .exclude = criteria(config.input.exclude),
                        .virtual_devices = config.input.virtual_devices,
                        .seat = config.input.seat};
    settings.hotkeys = config::hotkey_table(config);
    for (auto& hotkey : settings.hotkeys.hotkeys) {
        // The configuration counts its own list; a TargetId outlives a reload.
        if (hotkey.action == core::HotkeyAction::Target &&
            index(hotkey.target) < targets.order().size()) {
            hotkey.target = targets.order()[index(hotkey.target)];
        }
    }
    for (const auto target : targets.order()) {
        settings.forwarding.resize(std::max(settings.forwarding.size(), index(target) + 1));
        const auto& configured = targets.settings(target);
        settings.forwarding[index(target)] = configured.forwarding;
        settings.forwarding[index(target)].wakes_guest = !configured.monitors.empty();
    }
    settings.neutral_deadline = config.input.neutral_deadline;
    settings.stall_timeout = config.input.stall_timeout;
    settings.rt_priority = config.input.rt_priority;
    return settings;
}

spice::SessionSettings session_settings(const config::Config& config,
                                        const config::TargetConfig& target) {
    spice::SessionSettings settings;
    settings.name = target.name;
    settings.uri = target.uri;
    settings.password = [source = target.password] { return source.read(); };
    settings.uuid = target.uuid;
    settings.vm_name = target.vm_name;
    settings.insecure = target.insecure;
    settings.peer_uid = target.peer_uid;
    settings.keep_connected = target.connect == config::ConnectMode::Always;
    settings.connect_timeout = config.spice.connect_timeout;
    settings.retry_min = config.spice.retry_min;
    settings.retry_max = config.spice.retry_max;
    return settings;
}

const core::AudioSettings& audio_settings(const config::TargetConfig& target,
                                          core::AudioKind kind) noexcept {
    return kind == core::AudioKind::Playback ? target.playback : target.record;
}

core::Metrics to_metrics(const input::InputMetrics& input) {
    core::Metrics metrics;
    metrics.panic_chords = input.panic_chords;
    metrics.leases_missed = input.leases_missed;
    metrics.events_read = input.events_read;
    metrics.events_dropped = input.events_dropped;
    metrics.keys_sent = input.keys_sent;
    metrics.buttons_sent = input.buttons_sent;
    metrics.motions_sent = input.motions_sent;
    metrics.motions_merged = input.motions_merged;
    metrics.motions_in_flight = input.motions_in_flight;
    metrics.stalls = input.stalls;
    metrics.enter_us = input.enter_us;
    metrics.ungrab_us = input.ungrab_us;
    metrics.ungrab_max_us = input.ungrab_max_us;
    metrics.latency_p50_ns = static_cast<std::uint64_t>(input.latency.quantile(0.50).count());
    metrics.latency_p99_ns = static_cast<std::uint64_t>(input.latency.quantile(0.99).count());
    metrics.latency_max_ns = static_cast<std::uint64_t>(input.latency.max().count());
    return metrics;
}

std::string failure_of(const core::SwitchReport& report) {
    for (const auto& step : report.steps) {
        if (step.outcome == core::StepOutcome::Failed) {
            return step.reason;
        }
    }
    return {};
}

} // namespace spicykvm
