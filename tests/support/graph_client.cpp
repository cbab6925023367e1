// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/graph_client.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace spicykvm::test {

namespace {

std::string value_of(const spa_dict* properties, const char* key) {
    const char* value = spa_dict_lookup(properties, key);
    return value != nullptr ? value : "";
}

// See session/pipewire/handles.h.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"
pw_proxy* create_object(pw_core* core, const char* factory, const char* type, std::uint32_t version,
                        const spa_dict* properties) {
    void* proxy = pw_core_create_object(core, factory, type, version, properties, 0);
    if (proxy == nullptr) {
        throw std::runtime_error(std::string("pw_core_create_object ") + factory);
    }
    return static_cast<pw_proxy*>(proxy);
}
void destroy_object(pw_registry* registry, std::uint32_t id) {
    pw_registry_destroy(registry, id);
}
#pragma GCC diagnostic pop

} // namespace

GraphClient::GraphClient() : loop_(pw_thread_loop_new("graph client", nullptr)) {
    static const pw_registry_events kEvents = [] {
        pw_registry_events events{};
        events.version = PW_VERSION_REGISTRY_EVENTS;
        events.global = on_global;
        events.global_remove = on_global_remove;
        return events;
    }();
    context_.reset(pw_context_new(pw_thread_loop_get_loop(loop_),
                                  pw_properties_new(PW_KEY_CONFIG_NAME, "client-rt.conf", nullptr),
                                  0));
    core_.reset(context_ ? pw_context_connect(context_.get(), nullptr, 0) : nullptr);
    if (!core_) {
        context_.reset();
        pw_thread_loop_destroy(loop_);
        throw std::runtime_error("no PipeWire for the test's client");
    }
    registry_ = session::registry_of(*core_);
    session::listen(*registry_, hook_, kEvents, this);
    pw_thread_loop_start(loop_);
}

GraphClient::~GraphClient() {
    pw_thread_loop_stop(loop_);
    hook_.remove();
    for (pw_proxy* proxy : created_) {
        pw_proxy_destroy(proxy); // else libpipewire forgets its memory
    }
    registry_.reset();
    core_.reset();
    context_.reset();
    pw_thread_loop_destroy(loop_);
}

bool GraphClient::has_node(const std::string& name) const {
    const Lock lock(*this);
    return node_id(name) != SPA_ID_INVALID;
}

std::string GraphClient::serial_of(const std::string& name) const {
    const Lock lock(*this);
    const auto node = nodes_.find(node_id(name));
    return node != nodes_.end() ? node->second.serial : "";
}

bool GraphClient::link(const std::string& from, const std::string& to) {
    const Lock lock(*this);
    const auto outputs = ports_of(from, true);
    const auto inputs = ports_of(to, false);
    if (outputs.size() < 2 || inputs.size() < 2) {
        return false;
    }
    for (const auto& [channel, output] : outputs) {
        create("link-factory", PW_TYPE_INTERFACE_Link, PW_VERSION_LINK,
               {{PW_KEY_LINK_OUTPUT_PORT, std::to_string(output)},
                {PW_KEY_LINK_INPUT_PORT, std::to_string(inputs.at(channel))},
                {PW_KEY_OBJECT_LINGER, "true"}});
    }
    return true;
}

void GraphClient::add_sink(const std::string& name) {
    const Lock lock(*this);
    create("adapter", PW_TYPE_INTERFACE_Node, PW_VERSION_NODE,
           {{"factory.name", "support.null-audio-sink"},
            {PW_KEY_NODE_NAME, name},
            {PW_KEY_MEDIA_CLASS, "Audio/Sink"},
            {"audio.position", "[ FL FR ]"},
            {PW_KEY_OBJECT_LINGER, "true"},
            {"monitor.channel-volumes", "false"},
            {"adapter.auto-port-config", "{ mode = dsp monitor = true position = preserve }"}});
}

void GraphClient::remove(const std::string& name) {
    const Lock lock(*this);
    destroy_object(registry_.get(), node_id(name));
}

void GraphClient::on_global(void* self, std::uint32_t id, std::uint32_t, const char* type,
                            std::uint32_t, const spa_dict* properties) {
    auto& client = *static_cast<GraphClient*>(self);
    if (properties == nullptr) {
        return;
    }
    if (std::string_view(type) == PW_TYPE_INTERFACE_Node) {
        client.nodes_[id] = {value_of(properties, PW_KEY_NODE_NAME),
                             value_of(properties, PW_KEY_OBJECT_SERIAL)};
    } else if (std::string_view(type) == PW_TYPE_INTERFACE_Port) {
        const auto node = std::strtoul(value_of(properties, PW_KEY_NODE_ID).c_str(), nullptr, 10);
        client.ports_[id] = {static_cast<std::uint32_t>(node),
                             value_of(properties, PW_KEY_PORT_DIRECTION) == "out",
                             value_of(properties, PW_KEY_AUDIO_CHANNEL)};
    }
}

void GraphClient::on_global_remove(void* self, std::uint32_t id) {
    auto& client = *static_cast<GraphClient*>(self);
    client.nodes_.erase(id);
    client.ports_.erase(id);
}

std::uint32_t GraphClient::node_id(const std::string& name) const {
    const auto node = std::find_if(nodes_.begin(), nodes_.end(),
                                   [&](const auto& entry) { return entry.second.name == name; });
    return node != nodes_.end() ? node->first : SPA_ID_INVALID;
}

std::map<std::string, std::uint32_t> GraphClient::ports_of(const std::string& node,
                                                           bool outputs) const {
    std::map<std::string, std::uint32_t> found;
    for (const auto& [id, port] : ports_) {
        if (port.node == node_id(node) && port.is_output == outputs) {
            found[port.channel] = id;
        }
    }
    return found;
}

void GraphClient::create(const char* factory, const char* type, std::uint32_t version,
                         const std::map<std::string, std::string>& properties) {
    std::vector<spa_dict_item> items;
    for (const auto& [key, value] : properties) {
        items.push_back({key.c_str(), value.c_str()});
    }
    spa_dict dict{};
    dict.n_items = static_cast<std::uint32_t>(items.size());
    dict.items = items.data();
    created_.push_back(create_object(core_.get(), factory, type, version, &dict));
}

} // namespace spicykvm::test
