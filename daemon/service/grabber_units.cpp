// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/grabber_units.h"

#include "base/log.h"
#include "base/sdbus_compat.h"
#include "diagnosis/grabbers.h"

#include <chrono>
#include <tuple>

namespace spicykvm::service {

namespace {

constexpr std::chrono::milliseconds kPatience{500};

/// Name, description, load, active and sub state, follower, path, and a job.
using Unit =
    sdbus::Struct<std::string, std::string, std::string, std::string, std::string, std::string,
                  sdbus::ObjectPath, std::uint32_t, std::string, sdbus::ObjectPath>;

} // namespace

GrabberUnits::GrabberUnits(Bus& bus)
    : loop_(bus.loop()),
      systemd_(sdbus::createProxy(bus.connection(), compat::ServiceName("org.freedesktop.systemd1"),
                                  sdbus::ObjectPath("/org/freedesktop/systemd1"))) {
    compat::finish_registration(*systemd_);
}

void GrabberUnits::find(const Found& found) {
    try {
        systemd_->callMethodAsync("ListUnitsByPatterns")
            .onInterface("org.freedesktop.systemd1.Manager")
            .withTimeout(kPatience)
            .withArguments(std::vector<std::string>{"active"}, diagnosis::grabber_units())
            .uponReplyInvoke([found](compat::AsyncError error, const std::vector<Unit>& units) {
                std::vector<std::string> names;
                if (error) {
                    log("service").debug("ask systemd who grabs keyboards: {}",
                                         error->getMessage());
                }
                for (const Unit& unit : units) {
                    names.push_back(std::get<0>(unit));
                }
                found(names);
            });
    } catch (const sdbus::Error&) { // the bus is gone
        loop_.defer([found, alive = std::weak_ptr(alive_)] {
            if (!alive.expired()) {
                found({});
            }
        });
    }
}

} // namespace spicykvm::service
