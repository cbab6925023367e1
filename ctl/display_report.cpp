// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/display_report.h"

#include "ctl/text.h"

#include <cstdio>

namespace spicykvm::ctl {

namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kHint =
    "what a monitor declares is a hint: it may leave out inputs that work, and list some that "
    "do not";

std::string hexadecimal(std::uint16_t value) {
    char text[8];
    std::snprintf(text, sizeof text, "0x%02x", value);
    return text;
}

/// "hdmi-1 (0x11)", or "0x1b" for a value without a name.
std::string input_text(std::uint16_t value, const std::string& name) {
    const std::string number = hexadecimal(value);
    return name.empty() || name == number ? number : one_line(name) + " (" + number + ")";
}

std::string inputs_text(const Capabilities& capabilities) {
    std::string text;
    for (const auto& [value, name] : capabilities.inputs) {
        text += (text.empty() ? "" : ", ") + input_text(value, name);
    }
    return text.empty() ? "none" : text;
}

std::string bus_of(const Display& display) {
    return display.bus ? "i2c-" + std::to_string(*display.bus) : "-";
}

/// Else it stands for a monitor of the configuration that is nowhere.
bool is_place(const Display& display) {
    return !display.connector.empty() || !display.monitor.empty() || display.bus;
}

/// "ddc", "cable card1-DP-2".
std::string return_of(const ConfiguredMonitor& monitor) {
    return one_line(monitor.home_by.empty() ? monitor.way_home
                                            : monitor.way_home + " " + monitor.home_by);
}

std::string ddc_of(const Display& display) {
    if (!display.bus) {
        return "-";
    }
    return display.ddc ? "yes" : "no";
}

} // namespace

void print_displays(Environment& environment, const std::vector<Display>& displays) {
    Rows rows{{"CONNECTOR", "MONITOR", "BUS", "DDC", "INPUT", "NOTE"}};
    Rows configured{{"TARGET", "NAME", "DISPLAY", "HOST", "GUEST", "RETURN", "NOTE"}};
    for (const Display& display : displays) {
        if (is_place(display)) {
            rows.push_back({or_dash(display.connector), or_dash(display.monitor), bus_of(display),
                            ddc_of(display),
                            display.input ? input_text(*display.input, display.input_name) : "-",
                            one_line(display.note)});
        }
        for (const ConfiguredMonitor& monitor : display.configured) {
            configured.push_back(
                {one_line(monitor.target), one_line(monitor.name),
                 display.connector.empty() ? bus_of(display) : one_line(display.connector),
                 one_line(monitor.host), one_line(monitor.guest), return_of(monitor),
                 one_line(monitor.note)});
        }
    }
    environment.out << (rows.size() > 1
                            ? aligned(rows)
                            : "No displays: has this machine's graphics card a driver?\n");
    if (configured.size() > 1) {
        environment.out << '\n' << aligned(configured);
    }
}

void print_capabilities(Environment& environment, const Capabilities& capabilities) {
    Rows rows{{"Model", or_dash(capabilities.model)},
              {"Type", or_dash(capabilities.type)},
              {"Protocol", or_dash(capabilities.protocol)},
              {"MCCS", or_dash(capabilities.mccs_version)},
              {"Inputs", inputs_text(capabilities)}};
    for (const auto& [code, values] : capabilities.features) {
        std::string text = hexadecimal(code);
        for (const std::uint8_t value : values) {
            text += (text.size() == 4 ? ": " : " ") + hexadecimal(value);
        }
        rows.push_back({"Feature", text});
    }
    for (const std::string& warning : capabilities.warnings) {
        rows.push_back({"Warning", one_line(warning)});
    }
    rows.push_back({"Note", kHint});
    environment.out << aligned(rows);
}

void print_probe(Environment& environment, const Probe& probe) {
    const bool told = probe.input && probe.input->supported;
    const auto& capabilities = probe.capabilities;
    environment.out << aligned(
        {{"DDC/CI", "answers"},
         {"Input", told ? input_text(probe.input->current, probe.input->name)
                        : "not told; it may change all the same"},
         {"Declared", capabilities ? inputs_text(*capabilities)
                                   : "not known: " + one_line(capabilities.error().message)},
         {"Note", kHint}});
}

std::string to_line(const Feature& feature) {
    const std::string number = hexadecimal(feature.current);
    if (feature.name.empty()) {
        return number + "  of " + hexadecimal(feature.maximum);
    }
    return feature.name == number ? number : number + "  " + one_line(feature.name);
}

} // namespace spicykvm::ctl
