// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/target_object.h"

#include "base/log.h"
#include "base/sdbus_compat.h"
#include "service/errors.h"
#include "service/status_map.h"

#include <utility>

namespace spicykvm::service {

namespace {

/// With all text as it can be sent.
core::TargetStatus sendable(core::TargetStatus status) {
    for (std::string* text :
         {&status.name, &status.uri, &status.guest.name, &status.last_error, &status.hotkey}) {
        *text = utf8(*text);
    }
    return status;
}

} // namespace

TargetObject::TargetObject(sdbus::IConnection& connection, const core::TargetStatus& status,
                           Requests& requests)
    : AdaptorInterfaces(connection, target_path(status.name)), name_(status.name),
      shown_(sendable(status)), requests_(requests) {
    registerAdaptor();
    emitInterfacesAddedSignal();
}

TargetObject::~TargetObject() {
    try {
        emitInterfacesRemovedSignal();
    } catch (const sdbus::Error& error) { // the bus is gone, and with it who would listen
        log("service").debug("target \"{}\": {}, ignoring", name_, error.what());
    }
    unregisterAdaptor();
}

void TargetObject::update(const core::TargetStatus& status) {
    const core::TargetStatus before = std::exchange(shown_, sendable(status));
    std::vector<std::string> changed;
    const auto note = [&](bool differs, const char* property) {
        if (differs) {
            changed.emplace_back(property);
        }
    };
    note(before.uri != shown_.uri, "Uri");
    note(before.connection != shown_.connection, "Connection");
    note(before.guest.name != shown_.guest.name, "VmName");
    note(before.guest.uuid != shown_.guest.uuid, "VmUuid");
    note(before.last_error != shown_.last_error, "LastError");
    note(before.hotkey != shown_.hotkey, "Hotkey");
    note(before.insecure != shown_.insecure, "Insecure");
    if (!changed.empty()) {
        compat::emit_properties_changed(getObject(), INTERFACE_NAME, changed);
    }
}

void TargetObject::Activate(sdbus::Result<>&& result) {
    requests_.activate(current_call(getObject(), std::move(result)), name_);
}

std::string TargetObject::VmUuid() {
    return to_text(shown_.guest.uuid);
}

} // namespace spicykvm::service
