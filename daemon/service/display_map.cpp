// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/display_map.h"

namespace spicykvm::service {

Dictionary describe(const core::ConfiguredMonitor& monitor) {
    return {
        {"target", text(monitor.target)},     {"name", text(monitor.name)},
        {"host", text(monitor.host)},         {"guest", text(monitor.guest)},
        {"way_home", text(monitor.way_home)}, {"home_by", text(monitor.home_by)},
        {"note", text(monitor.note)},
    };
}

Dictionary describe(const core::DisplayStatus& display) {
    std::vector<Dictionary> configured;
    for (const core::ConfiguredMonitor& monitor : display.configured) {
        configured.push_back(describe(monitor));
    }
    Dictionary map{
        {"connector", text(display.connector)},     {"monitor", text(display.monitor)},
        {"ddc", sdbus::Variant(display.answers)},   {"note", text(display.note)},
        {"configured", sdbus::Variant(configured)},
    };
    if (display.bus) {
        map.emplace("bus", sdbus::Variant(*display.bus));
    }
    if (display.input) {
        map.emplace("input", sdbus::Variant(*display.input));
        map.emplace("input_name", text(display.input_name));
    }
    return map;
}

Dictionary describe(const core::DisplayFeature& feature) {
    return {
        {"supported", sdbus::Variant(feature.supported)},
        {"current", sdbus::Variant(feature.current)},
        {"maximum", sdbus::Variant(feature.max)},
        {"name", text(feature.name)},
    };
}

Dictionary describe(const core::ReturnTrial& trial) {
    return {
        {"way", text(trial.way)},
        {"verdict", text(std::string(to_string(trial.verdict)))},
        {"note", text(trial.note)},
    };
}

Dictionary describe(const core::DisplayCapabilities& capabilities) {
    return {
        {"protocol", text(capabilities.protocol)},
        {"type", text(capabilities.type)},
        {"model", text(capabilities.model)},
        {"mccs_version", text(capabilities.mccs_version)},
        {"features", sdbus::Variant(capabilities.features)},
        {"inputs", sdbus::Variant(capabilities.inputs)},
        {"warnings", lines(capabilities.warnings)},
    };
}

} // namespace spicykvm::service
