// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/seat_watch.h"

#include "base/log.h"

#include <unistd.h>
#include <utility>

namespace spicykvm::service {

SeatWatch::SeatWatch(Bus& bus, core::SeatPort& port, const std::string& seat,
                     EventLoop::Callback known)
    : port_(port) {
    LogindSettings settings;
    settings.seat = seat;
    Bus* system = &bus;
    if (bus.kind() == BusKind::Session) {
        auto opened = Bus::open(bus.loop(), BusKind::System);
        if (!opened) {
            log("service").info("{}; the switch knows nothing of sessions, lock and sleep",
                                opened.error().message);
            bus.loop().defer(std::move(known));
            return;
        }
        system_bus_ = std::move(*opened);
        system_bus_->on_disconnected([this] { lose(); });
        system = system_bus_.get();
        if (::geteuid() != 0) { // root may serve anybody
            settings.only_for = ::geteuid();
        }
    }
    logind_.emplace(*system, port, std::move(settings));
    logind_->when_known(std::move(known));
}

void SeatWatch::lose() {
    log("service").warn("the system bus is gone; the switch knows nothing of sessions, lock and "
                        "sleep any more");
    logind_.reset();
    port_.on_seat({}, nullptr); // nobody would say that a lock or a sleep is over
}

} // namespace spicykvm::service
