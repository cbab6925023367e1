// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/service_host.h"

#include "service/service.h"
#include "support/bus_client.h"

#include <stdexcept>

namespace spicykvm::test {

ServiceHost::ServiceHost(const ServiceSettings& settings) {
    std::promise<void> ready;
    auto when_ready = ready.get_future();
    thread_ = std::thread([&] { serve(settings, ready); });
    try {
        when_ready.get();
    } catch (...) {
        thread_.join();
        throw;
    }
}

ServiceHost::~ServiceHost() {
    loop_.post([this] { loop_.exit(0); });
    thread_.join();
}

void ServiceHost::serve(const ServiceSettings& settings, std::promise<void>& ready) {
    try {
        std::optional<ActAs> act_as;
        if (settings.run_as) {
            act_as.emplace(*settings.run_as);
        }
        port_ = std::make_unique<FakeControlPort>(settings.targets);
        auto bus = Bus::open(loop_, settings.bus);
        if (!bus) {
            throw std::runtime_error(bus.error().message);
        }
        bus_ = std::move(*bus);
        bus_->on_disconnected([this] { disconnected_.set_value(); });
        service_ = std::make_unique<service::Service>(*bus_, *port_,
                                                      settings.has_displays ? &displays_ : nullptr,
                                                      settings.has_audio ? &audio_ : nullptr);
        published_ = service_->publish();
    } catch (...) {
        ready.set_exception(std::current_exception());
        return;
    }
    ready.set_value();
    loop_.run();
    service_.reset();
    bus_.reset();
}

void ServiceHost::run(const std::function<void(FakeControlPort&)>& work) {
    std::promise<void> done;
    loop_.post([&] {
        work(*port_);
        done.set_value();
    });
    done.get_future().get();
}

void ServiceHost::stop_service() {
    run([this](FakeControlPort&) { service_.reset(); });
}

} // namespace spicykvm::test
