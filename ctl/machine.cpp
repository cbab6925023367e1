// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/machine.h"

#include "base/sdbus_compat.h"
#include "ctl/bus_values.h"
#include "diagnosis/accounts.h"
#include "spicykvm-dbus/names.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <unistd.h>

namespace spicykvm::ctl {

namespace {

constexpr std::chrono::seconds kLocalPatience{2};
/// polkit may have to be started first.
constexpr std::chrono::seconds kPolkitPatience{10};

constexpr const char* kSystemd = "org.freedesktop.systemd1";
constexpr const char* kSystemdPath = "/org/freedesktop/systemd1";
constexpr const char* kBusDaemon = "org.freedesktop.DBus";
constexpr const char* kPolkit = "org.freedesktop.PolicyKit1";
// As sd_bus_path_encode() has them. systemd loads a unit when it is looked at.
constexpr const char* kDaemonUnit = "/org/freedesktop/systemd1/unit/spicykvmd_2eservice";
constexpr const char* kSessionUnit = "/org/freedesktop/systemd1/unit/spicykvm_2dsession_2eservice";

/// One question to an object of either bus.
class Object {
  public:
    Object(bool session_bus, const char* name, const char* path)
        : connection_(session_bus ? sdbus::createSessionBusConnection()
                                  : sdbus::createSystemBusConnection()),
          proxy_(sdbus::createProxy(*connection_, compat::ServiceName(name),
                                    sdbus::ObjectPath(path))) {}

    template <typename Given, typename... Arguments>
    Given ask(const char* interface, const char* method, std::chrono::seconds patience,
              const Arguments&... arguments) {
        Given given{};
        proxy_->callMethod(method)
            .onInterface(interface)
            .withTimeout(patience)
            .withArguments(arguments...)
            .storeResultsTo(given);
        return given;
    }
    Dict properties(const std::string& interface) {
        return ask<Dict>("org.freedesktop.DBus.Properties", "GetAll", kLocalPatience, interface);
    }

  private:
    std::unique_ptr<sdbus::IConnection> connection_;
    std::unique_ptr<sdbus::IProxy> proxy_;
};

template <typename T>
T value_of(const Dict& dict, const char* key) {
    const auto found = dict.find(key);
    return found != dict.end() && found->second.containsValueOfType<T>() ? found->second.get<T>()
                                                                         : T();
}

std::optional<diagnosis::UnitState> unit_at(bool session_bus, const char* path) {
    try {
        Object object(session_bus, kSystemd, path);
        const Dict unit = object.properties("org.freedesktop.systemd1.Unit");
        diagnosis::UnitState state;
        state.load = value_of<std::string>(unit, "LoadState");
        state.active = value_of<std::string>(unit, "ActiveState");
        state.sub = value_of<std::string>(unit, "SubState");
        // Of a unit that was never started it says false, too.
        state.conditions_met = value_of<bool>(unit, "ConditionResult") ||
                               value_of<std::uint64_t>(unit, "ConditionTimestamp") == 0;
        const Dict service = object.properties("org.freedesktop.systemd1.Service");
        state.result = value_of<std::string>(service, "Result");
        state.status_text = value_of<std::string>(service, "StatusText");
        state.exit_code = value_of<std::int32_t>(service, "ExecMainCode");
        state.exit_status = value_of<std::int32_t>(service, "ExecMainStatus");
        return state;
    } catch (const sdbus::Error&) { // no bus, no systemd, or none of our business
        return std::nullopt;
    }
}

bool has_daemon(bool session_bus) {
    try {
        return Object(session_bus, kBusDaemon, "/org/freedesktop/DBus")
            .ask<bool>(kBusDaemon, "NameHasOwner", kLocalPatience, std::string(dbus::kBusName));
    } catch (const sdbus::Error&) {
        return false;
    }
}

std::vector<std::string> missing_accounts() {
    std::vector<std::string> missing;
    if (!diagnosis::find_user(diagnosis::kServiceUser)) {
        missing.push_back(std::string("user ") + diagnosis::kServiceUser);
    }
    for (const char* group : {"input", "i2c"}) {
        if (!diagnosis::find_group(group)) {
            missing.push_back(std::string("group ") + group);
        }
    }
    return missing;
}

Answer<std::vector<std::string>> polkit_actions() {
    // Of which only the id is wanted: description, message, vendor, its address, icon, and what is
    // allowed to whom.
    using Action = sdbus::Struct<std::string, std::string, std::string, std::string, std::string,
                                 std::string, std::uint32_t, std::uint32_t, std::uint32_t,
                                 std::map<std::string, std::string>>;
    try {
        const auto actions =
            Object(false, kPolkit, "/org/freedesktop/PolicyKit1/Authority")
                .ask<std::vector<Action>>("org.freedesktop.PolicyKit1.Authority",
                                          "EnumerateActions", kPolkitPatience, std::string("C"));
        std::vector<std::string> ids;
        for (const Action& action : actions) {
            ids.push_back(std::get<0>(action));
        }
        return ids;
    } catch (const sdbus::Error& error) {
        return tl::unexpected(CallError{error.getName(), error.getMessage()});
    }
}

void add_grabber_units(bool session_bus, std::vector<std::string>& units) {
    // Name, description, load, active and sub state, follower, path, and a job.
    using Unit =
        sdbus::Struct<std::string, std::string, std::string, std::string, std::string, std::string,
                      sdbus::ObjectPath, std::uint32_t, std::string, sdbus::ObjectPath>;
    try {
        const auto running =
            Object(session_bus, kSystemd, kSystemdPath)
                .ask<std::vector<Unit>>("org.freedesktop.systemd1.Manager", "ListUnitsByPatterns",
                                        kLocalPatience, std::vector<std::string>{"active"},
                                        diagnosis::grabber_units());
        for (const Unit& unit : running) {
            units.push_back(std::get<0>(unit));
        }
    } catch (const sdbus::Error&) { // nothing is known, then
    }
}

std::vector<std::string> grabber_units() {
    std::vector<std::string> units;
    add_grabber_units(false, units);
    add_grabber_units(true, units);
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    return units;
}

} // namespace

Machine local_machine() {
    return {
        .daemon_unit = [] { return unit_at(false, kDaemonUnit); },
        .session_unit = [] { return unit_at(true, kSessionUnit); },
        .has_daemon = has_daemon,
        .bus_policy = [] { return diagnosis::look_at_bus_policy(dbus::kBusName); },
        .missing_accounts = missing_accounts,
        .polkit_actions = polkit_actions,
        .has_i2c_dev = [] { return ::access("/sys/class/i2c-dev", F_OK) == 0; },
        .grabber_units = grabber_units,
        .holders_of = [](const std::string& node) { return diagnosis::holders_of(node); },
        .is_root = [] { return ::geteuid() == 0; },
    };
}

} // namespace spicykvm::ctl
