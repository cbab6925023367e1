// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/manager_object.h"

#include "base/sdbus_compat.h"
#include "service/errors.h"
#include "service/status_map.h"
#include "spicykvm-dbus/names.h"

#include <utility>

namespace spicykvm::service {

namespace {

/// Takes the options of ActivateTarget into `call`.
Result<void> apply_options(const std::map<std::string, sdbus::Variant>& options, Call& call) {
    for (const auto& [key, value] : options) {
        if (key != "interactive") {
            return fail(ErrorCode::InvalidArgument, "the options are: interactive (boolean)");
        }
        if (!value.containsValueOfType<bool>()) {
            return fail(ErrorCode::InvalidArgument, "option interactive: a boolean is needed");
        }
        call.may_ask_password = value.get<bool>();
    }
    return {};
}

} // namespace

ManagerObject::ManagerObject(sdbus::IConnection& connection, core::ControlPort& port,
                             Requests& requests, const AudioObject& audio)
    : AdaptorInterfaces(connection, sdbus::ObjectPath(dbus::kManagerPath)), port_(port),
      requests_(requests), audio_(audio), shown_(now()) {
    registerAdaptor();
}

ManagerObject::~ManagerObject() {
    unregisterAdaptor();
}

ManagerObject::Shown ManagerObject::now() const {
    const auto status = port_.status();
    return {std::string(to_string(status.state)), utf8(status.active_target),
            utf8(status.last_error)};
}

void ManagerObject::update() {
    const Shown before = std::exchange(shown_, now());
    std::vector<std::string> changed;
    if (before.state != shown_.state) {
        changed.emplace_back("State");
    }
    if (before.active_target != shown_.active_target) {
        changed.emplace_back("ActiveTarget");
    }
    if (before.last_error != shown_.last_error) {
        changed.emplace_back("LastError");
    }
    if (!changed.empty()) {
        compat::emit_properties_changed(getObject(), INTERFACE_NAME, changed);
    }
}

void ManagerObject::announce(const core::SwitchReport& report) {
    std::vector<sdbus::Struct<std::string, std::string, std::string>> steps;
    for (const auto& step : report.steps) {
        steps.emplace_back(utf8(step.step), std::string(to_string(step.outcome)),
                           utf8(step.reason));
    }
    const std::string reason(report.left ? to_string(*report.left) : "activated");
    emitSwitchFinished(utf8(report.target), reason, steps);
}

void ManagerObject::Activate(sdbus::Result<>&& result) {
    requests_.activate(current_call(getObject(), std::move(result)), {});
}

void ManagerObject::ActivateTarget(sdbus::Result<>&& result, std::string name, Options options) {
    Call call = current_call(getObject(), std::move(result));
    if (const auto applied = apply_options(options, call); !applied) {
        call.reply.fail(to_bus_error(dbus::kErrorInvalidArgs, applied.error().message));
        return;
    }
    requests_.activate(std::move(call), name);
}

void ManagerObject::Deactivate(sdbus::Result<>&& result) {
    requests_.deactivate(current_call(getObject(), std::move(result)));
}

void ManagerObject::Toggle(sdbus::Result<>&& result) {
    requests_.toggle(current_call(getObject(), std::move(result)));
}

void ManagerObject::Reload(sdbus::Result<>&& result) {
    requests_.reload(current_call(getObject(), std::move(result)));
}

std::map<std::string, sdbus::Variant> ManagerObject::Status() {
    auto status = describe(port_.status(), port_.metrics());
    status.emplace("audio", audio_.status());
    return status;
}

std::vector<std::map<std::string, sdbus::Variant>> ManagerObject::ListDevices() {
    std::vector<Dictionary> devices;
    for (const auto& device : port_.devices()) {
        devices.push_back(describe(device));
    }
    return devices;
}

} // namespace spicykvm::service
