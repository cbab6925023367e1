// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/service.h"

#include "base/log.h"
#include "diagnosis/bus_policy.h"
#include "service/audio_object.h"
#include "service/displays_object.h"
#include "service/errors.h"
#include "service/manager_object.h"
#include "service/metrics_object.h"
#include "service/requests.h"
#include "service/target_object.h"
#include "spicykvm-dbus/names.h"

#include <algorithm>
#include <map>
#include <string>

namespace spicykvm::service {

/// The ObjectManager, above all other objects.
class RootObject final : public sdbus::AdaptorInterfaces<sdbus::ObjectManager_adaptor> {
  public:
    explicit RootObject(sdbus::IConnection& connection)
        : AdaptorInterfaces(connection, sdbus::ObjectPath(dbus::kRootPath)) {
        registerAdaptor();
    }
    RootObject(const RootObject&) = delete;
    RootObject& operator=(const RootObject&) = delete;
    ~RootObject() { unregisterAdaptor(); }
};

struct Service::Objects {
    Objects(Bus& bus, core::ControlPort& port, core::DisplaysPort* displays_port,
            core::AudioPort* audio_port)
        : requests(bus, port), root(bus.connection()), audio(bus, audio_port, requests),
          manager(bus.connection(), port, requests, audio),
          displays(bus.connection(), displays_port, requests), metrics(bus.connection(), port) {}

    Requests requests;
    RootObject root;
    AudioObject audio;
    ManagerObject manager;
    DisplaysObject displays;
    MetricsObject metrics;
    std::map<std::string, std::unique_ptr<TargetObject>, std::less<>> targets;
};

Service::Service(Bus& bus, core::ControlPort& port, core::DisplaysPort* displays,
                 core::AudioPort* audio)
    : bus_(bus), port_(port), objects_(std::make_unique<Objects>(bus, port, displays, audio)) {
    on_targets_replaced();
    port_.observe(this);
}

Service::~Service() {
    port_.observe(nullptr);
}

Result<void> Service::publish() {
    auto owned = bus_.request_name(dbus::kBusName);
    if (!owned && owned.error().code == ErrorCode::AccessDenied && bus_.kind() == BusKind::System) {
        owned.error().message =
            diagnosis::name_refusal(dbus::kBusName, diagnosis::look_at_bus_policy(dbus::kBusName));
    }
    return owned;
}

void Service::on_state_changed() {
    emit_quietly([this] { objects_->manager.update(); });
}

void Service::on_switch_finished(const core::SwitchReport& report) {
    emit_quietly([&] { objects_->manager.announce(report); });
}

void Service::on_called_home() {
    objects_->requests.withdraw_activations();
}

void Service::on_target_changed(std::string_view name) {
    const auto object = objects_->targets.find(name);
    if (object == objects_->targets.end()) {
        return;
    }
    const auto status = port_.status();
    for (const auto& target : status.targets) {
        if (target.name == name) {
            emit_quietly([&] { object->second->update(target); });
        }
    }
}

void Service::on_targets_replaced() {
    const auto status = port_.status();
    std::erase_if(objects_->targets, [&](const auto& entry) {
        return std::none_of(status.targets.begin(), status.targets.end(),
                            [&](const auto& target) { return target.name == entry.first; });
    });
    emit_quietly([&] {
        for (const auto& target : status.targets) {
            const auto object = objects_->targets.find(target.name);
            if (object != objects_->targets.end()) {
                object->second->update(target);
            } else {
                objects_->targets.emplace(
                    target.name,
                    std::make_unique<TargetObject>(bus_.connection(), target, objects_->requests));
            }
        }
    });
}

} // namespace spicykvm::service
