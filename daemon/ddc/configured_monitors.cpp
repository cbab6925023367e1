// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/configured_monitors.h"

#include "ddc/return_test.h"
#include "ddc/vcp.h"

#include <algorithm>
#include <cstdio>

namespace spicykvm::ddc {

namespace {

std::string hexadecimal(unsigned value) {
    char text[8];
    std::snprintf(text, sizeof text, "0x%02x", value & 0xffff);
    return text;
}

std::string values(const MonitorSettings& settings, Side side) {
    std::string text;
    for (const VcpSetting& set : settings.set) {
        const std::uint16_t value = set.value(side);
        text += text.empty() ? "" : ", ";
        text += set.vcp == VcpCode::InputSource
                    ? input_text(value)
                    : hexadecimal(static_cast<unsigned>(set.vcp)) + "=" + hexadecimal(value);
    }
    return text;
}

std::string place_text(const Display& display) {
    return display.connector.empty()
               ? "i2c-" + std::to_string(static_cast<unsigned>(display.buses.front()))
               : display.connector;
}

void take_way_home(const HomeSettings& home, std::span<const Display> displays,
                   core::ConfiguredMonitor& entry) {
    entry.way_home = to_string(home.way);
    switch (home.way) {
    case WayHome::Ddc:
    case WayHome::ByHand:
        break;
    case WayHome::Cable: {
        const auto cable = locate(home.match, home.bus, displays);
        if (cable) {
            entry.home_by = place_text(*cable);
        } else {
            entry.note = "second cable: " + cable.error().message;
        }
        break;
    }
    case WayHome::Hook:
        entry.home_by = home.hook.words.front(); // not its arguments, which may be secret
        break;
    }
}

core::DisplayStatus& status_of(const Display& display, std::span<const Display> displays,
                               std::vector<core::DisplayStatus>& list) {
    const auto known = std::ranges::find_if(displays, [&](const Display& other) {
        return other.connector == display.connector &&
               (!display.connector.empty() ||
                std::ranges::find(other.buses, display.buses.front()) != other.buses.end());
    });
    if (known != displays.end()) {
        return list[static_cast<std::size_t>(known - displays.begin())];
    }
    core::DisplayStatus& alone = list.emplace_back();
    alone.bus = static_cast<std::uint16_t>(display.buses.front());
    alone.note = "nobody knows whose bus this is";
    return alone;
}

} // namespace

void enter_configured(std::span<const TargetMonitors> targets, std::span<const Display> displays,
                      std::vector<core::DisplayStatus>& list) {
    for (const TargetMonitors& target : targets) {
        for (const MonitorSettings& settings : target.monitors) {
            core::ConfiguredMonitor entry;
            entry.target = target.target;
            entry.name = settings.name;
            entry.host = values(settings, Side::Host);
            entry.guest = values(settings, Side::Guest);
            take_way_home(settings.home, displays, entry);
            const auto display = locate(settings.match, settings.bus, displays);
            if (display) {
                status_of(*display, displays, list).configured.push_back(std::move(entry));
            } else {
                entry.note = display.error().message;
                list.emplace_back().configured.push_back(std::move(entry));
            }
        }
    }
}

std::vector<MonitorCriteria> criteria_of(std::span<const TargetMonitors> targets) {
    std::vector<MonitorCriteria> list;
    for (const TargetMonitors& target : targets) {
        for (const MonitorSettings& settings : target.monitors) {
            list.push_back(settings.match);
            list.push_back(settings.home.match);
        }
    }
    return list;
}

} // namespace spicykvm::ddc
