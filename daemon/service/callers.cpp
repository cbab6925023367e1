// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/callers.h"

#include "base/sdbus_compat.h"
#include "service/bus_daemon.h"

#include <chrono>
#include <utility>

namespace spicykvm::service {

namespace {

constexpr std::chrono::seconds kLookupTimeout{5};

/// Only names that vanish: the others would wake the daemon for nothing.
constexpr const char* kDepartures =
    "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
    "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg2=''";

} // namespace

UidLookup::UidLookup(sdbus::IProxy& bus_daemon, const std::string& sender, Callback callback)
    : callback_(std::move(callback)) {
    call_ = bus_daemon.callMethodAsync("GetConnectionUnixUser")
                .onInterface(kBusDaemon)
                .withTimeout(kLookupTimeout)
                .withArguments(sender)
                .uponReplyInvoke([this](compat::AsyncError error, std::uint32_t uid) {
                    answered_ = true;
                    const auto answer = std::move(callback_); // it may drop this object
                    answer(error ? std::nullopt : std::optional<uid_t>(uid));
                });
}

UidLookup::~UidLookup() {
    if (!answered_) {
        call_.cancel();
    }
}

Callers::Callers(Bus& bus, Gone gone)
    : bus_daemon_(sdbus::createProxy(bus.connection(), compat::ServiceName(kBusDaemon),
                                     sdbus::ObjectPath(kBusDaemonPath))),
      departures_(compat::add_match(bus.connection(), kDepartures,
                                    [callback = std::move(gone)](auto&& message) {
                                        std::string name;
                                        message >> name;
                                        callback(name);
                                    })) {
    compat::finish_registration(*bus_daemon_);
}

std::unique_ptr<UidLookup> Callers::look_up(const std::string& sender,
                                            UidLookup::Callback callback) {
    return std::make_unique<UidLookup>(*bus_daemon_, sender, std::move(callback));
}

} // namespace spicykvm::service
