// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/machine.h"

#include "base/sdbus_compat.h"
#include "ctl/bus_values.h"

#include <chrono>
#include <memory>
#include <string>

namespace spicykvm::ctl {

namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr const char* kSystemd = "org.freedesktop.systemd1";
/// As sd_bus_path_encode() has spicykvmd.service. systemd loads a unit when it is looked at.
constexpr const char* kUnitPath = "/org/freedesktop/systemd1/unit/spicykvmd_2eservice";

template <typename T>
T value_of(const Dict& dict, const char* key) {
    const auto found = dict.find(key);
    return found != dict.end() && found->second.containsValueOfType<T>() ? found->second.get<T>()
                                                                         : T();
}

Dict all_of(sdbus::IProxy& object, const std::string& interface) {
    Dict dict;
    object.callMethod("GetAll")
        .onInterface("org.freedesktop.DBus.Properties")
        .withTimeout(kPatience)
        .withArguments(interface)
        .storeResultsTo(dict);
    return dict;
}

std::optional<diagnosis::UnitState> daemon_unit() {
    try {
        const auto bus = sdbus::createSystemBusConnection();
        const auto object =
            sdbus::createProxy(*bus, compat::ServiceName(kSystemd), sdbus::ObjectPath(kUnitPath));
        const Dict unit = all_of(*object, "org.freedesktop.systemd1.Unit");
        diagnosis::UnitState state;
        state.load = value_of<std::string>(unit, "LoadState");
        state.active = value_of<std::string>(unit, "ActiveState");
        state.sub = value_of<std::string>(unit, "SubState");
        // Of a unit that was never started it says false, too.
        state.conditions_met = value_of<bool>(unit, "ConditionResult") ||
                               value_of<std::uint64_t>(unit, "ConditionTimestamp") == 0;
        const Dict service = all_of(*object, "org.freedesktop.systemd1.Service");
        state.result = value_of<std::string>(service, "Result");
        state.status_text = value_of<std::string>(service, "StatusText");
        state.exit_code = value_of<std::int32_t>(service, "ExecMainCode");
        state.exit_status = value_of<std::int32_t>(service, "ExecMainStatus");
        return state;
    } catch (const sdbus::Error&) { // no bus, no systemd, or none of our business
        return std::nullopt;
    }
}

} // namespace

Machine local_machine() {
    return {.daemon_unit = daemon_unit};
}

} // namespace spicykvm::ctl
