// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/connection.h"

#include "base/text.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace spicykvm::session {

namespace {

std::string value_of(const spa_dict* properties, const char* key) {
    const char* value = spa_dict_lookup(properties, key);
    return value != nullptr ? value : "";
}

} // namespace

Result<std::unique_ptr<Connection>> Connection::open(pw_context& context, Observer observer) {
    CorePtr core(pw_context_connect(&context, nullptr, 0));
    if (!core) {
        return fail_errno("connect to PipeWire", errno);
    }
    return std::unique_ptr<Connection>(new Connection(std::move(core), std::move(observer)));
}

Connection::Connection(CorePtr core, Observer observer)
    : observer_(std::move(observer)), core_(std::move(core)) {
    static const pw_core_events kCoreEvents = [] {
        pw_core_events events{};
        events.version = PW_VERSION_CORE_EVENTS;
        events.error = on_error;
        return events;
    }();
    static const pw_registry_events kRegistryEvents = [] {
        pw_registry_events events{};
        events.version = PW_VERSION_REGISTRY_EVENTS;
        events.global = on_global;
        events.global_remove = on_global_remove;
        return events;
    }();
    listen(*core_, core_hook_, kCoreEvents, this);
    registry_ = registry_of(*core_);
    if (registry_) {
        listen(*registry_, registry_hook_, kRegistryEvents, this);
    }
}

bool Connection::has_device(std::string_view name) const {
    return std::any_of(devices_.begin(), devices_.end(), [name](const auto& entry) {
        return entry.second.name == name || entry.second.serial == name;
    });
}

void Connection::on_error(void* self, std::uint32_t id, int, int result, const char* message) {
    auto& connection = *static_cast<Connection*>(self);
    // An error of another object is told to that object, too. EPIPE: the server is gone.
    if (id == PW_ID_CORE && result == -EPIPE) {
        connection.observer_.lost(message != nullptr ? printable(message) : "connection lost");
    }
}

void Connection::on_global(void* self, std::uint32_t id, std::uint32_t, const char* type,
                           std::uint32_t, const spa_dict* properties) {
    auto& connection = *static_cast<Connection*>(self);
    if (properties == nullptr || std::string_view(type) != PW_TYPE_INTERFACE_Node ||
        !value_of(properties, PW_KEY_MEDIA_CLASS).starts_with("Audio/")) {
        return;
    }
    connection.devices_[id] = {value_of(properties, PW_KEY_NODE_NAME),
                               value_of(properties, PW_KEY_OBJECT_SERIAL)};
    connection.observer_.devices_changed();
}

void Connection::on_global_remove(void* self, std::uint32_t id) {
    auto& connection = *static_cast<Connection*>(self);
    if (connection.devices_.erase(id) > 0) {
        connection.observer_.devices_changed();
    }
}

} // namespace spicykvm::session
