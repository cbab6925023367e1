// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/display_map.h"

#include "service/errors.h"

namespace spicykvm::service {

namespace {

sdbus::Variant text(std::string_view value) {
    return sdbus::Variant(utf8(value));
}

} // namespace

Dictionary describe(const core::DisplayStatus& display) {
    Dictionary map{
        {"connector", text(display.connector)},
        {"monitor", text(display.monitor)},
        {"ddc", sdbus::Variant(display.answers)},
        {"note", text(display.note)},
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

Dictionary describe(const core::DisplayCapabilities& capabilities) {
    std::vector<std::string> warnings;
    for (const std::string& warning : capabilities.warnings) {
        warnings.push_back(utf8(warning));
    }
    return {
        {"protocol", text(capabilities.protocol)},
        {"type", text(capabilities.type)},
        {"model", text(capabilities.model)},
        {"mccs_version", text(capabilities.mccs_version)},
        {"features", sdbus::Variant(capabilities.features)},
        {"inputs", sdbus::Variant(capabilities.inputs)},
        {"warnings", sdbus::Variant(warnings)},
    };
}

} // namespace spicykvm::service
