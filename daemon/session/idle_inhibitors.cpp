// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/idle_inhibitors.h"

#include "base/log.h"
#include "base/sdbus_compat.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>

namespace spicykvm::session {

namespace {

constexpr const char* kWho = "spicykvm";
constexpr const char* kWhy = "Keyboard and mouse are in a virtual machine";
constexpr const char* kLogind = "org.freedesktop.login1";
constexpr const char* kLogindManager = "org.freedesktop.login1.Manager";
constexpr const char* kMessageBus = "org.freedesktop.DBus";
/// The name, and that of the interface.
constexpr const char* kScreenSaver = "org.freedesktop.ScreenSaver";

std::unique_ptr<sdbus::IProxy> proxy_of(Bus& bus, const char* name, const char* path) {
    auto proxy =
        sdbus::createProxy(bus.connection(), compat::ServiceName(name), sdbus::ObjectPath(path));
    compat::finish_registration(*proxy);
    return proxy;
}

} // namespace

LoginInhibitor::LoginInhibitor(Bus& bus)
    : Inhibitor("logind"), logind_(proxy_of(bus, kLogind, "/org/freedesktop/login1")) {}

void LoginInhibitor::ask() {
    try {
        logind_->callMethodAsync("Inhibit")
            .onInterface(kLogindManager)
            .withArguments(std::string("idle"), std::string(kWho), std::string(kWhy),
                           std::string("block"))
            .uponReplyInvoke([this](compat::AsyncError error, const sdbus::UnixFd& lock) {
                if (error) {
                    refused(error->getMessage());
                    return;
                }
                lock_ = Fd(::fcntl(lock.get(), F_DUPFD_CLOEXEC, 3));
                if (lock_.valid()) {
                    granted();
                } else {
                    refused(std::generic_category().message(errno));
                }
            });
    } catch (const sdbus::Error& error) { // the bus is gone
        refused(error.getMessage());
    }
}

ScreenSaverInhibitor::ScreenSaverInhibitor(Bus& bus)
    : Inhibitor("the desktop's screen saver"),
      bus_daemon_(proxy_of(bus, kMessageBus, "/org/freedesktop/DBus")),
      saver_(proxy_of(bus, kScreenSaver, "/org/freedesktop/ScreenSaver")) {}

void ScreenSaverInhibitor::ask() {
    try {
        bus_daemon_->callMethodAsync("NameHasOwner")
            .onInterface(kMessageBus)
            .withArguments(std::string(kScreenSaver))
            .uponReplyInvoke([this](compat::AsyncError error, bool is_there) {
                if (error || !is_there) {
                    refused(error ? error->getMessage() : "there is none");
                } else {
                    inhibit();
                }
            });
    } catch (const sdbus::Error& error) {
        refused(error.getMessage());
    }
}

void ScreenSaverInhibitor::inhibit() {
    try {
        saver_->callMethodAsync("Inhibit")
            .onInterface(kScreenSaver)
            .withArguments(std::string(kWho), std::string(kWhy))
            .uponReplyInvoke([this](compat::AsyncError error, std::uint32_t cookie) {
                if (error) {
                    refused(error->getMessage());
                } else {
                    cookie_ = cookie;
                    granted();
                }
            });
    } catch (const sdbus::Error& error) {
        refused(error.getMessage());
    }
}

void ScreenSaverInhibitor::let_go() {
    try {
        saver_->callMethodAsync("UnInhibit")
            .onInterface(kScreenSaver)
            .withArguments(cookie_)
            .uponReplyInvoke([](compat::AsyncError error) {
                if (error) { // it has ended meanwhile, and the inhibitor with it
                    log("session").debug("UnInhibit: {}, ignoring", error->getMessage());
                }
            });
    } catch (const sdbus::Error& error) {
        log("session").debug("UnInhibit: {}, ignoring", error.getMessage());
    }
}

IdleInhibitors::IdleInhibitors(EventLoop& loop, Bus* system, Bus* session)
    : presence_(loop, [this] { update(); }) {
    if (system != nullptr) {
        login_ = std::make_unique<LoginInhibitor>(*system);
    }
    if (session != nullptr) {
        saver_ = std::make_unique<ScreenSaverInhibitor>(*session);
    }
}

void IdleInhibitors::on_away(bool away) {
    away_ = away;
    update();
}

void IdleInhibitors::update() {
    const bool wanted = away_ && presence_.is_in_front();
    if (login_) {
        login_->want(wanted);
    }
    if (saver_) {
        saver_->want(wanted);
    }
}

} // namespace spicykvm::session
