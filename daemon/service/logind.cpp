// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/logind.h"

#include "base/log.h"
#include "base/sdbus_compat.h"
#include "service/bus_daemon.h"
#include "service/logind_names.h"

#include <utility>

namespace spicykvm::service {

namespace {

using Lock = core::SeatSession::Lock;

constexpr const char* kProperties = "org.freedesktop.DBus.Properties";

std::string signal_rule(const std::string& interface, const std::string& member) {
    return std::string("type='signal',sender='") + login1::kName + "',interface='" + interface +
           "',member='" + member + "'";
}

template <typename T>
std::optional<T> find(const Dictionary& properties, const char* name) {
    const auto found = properties.find(name);
    if (found == properties.end() || !found->second.containsValueOfType<T>()) {
        return std::nullopt;
    }
    return found->second.get<T>();
}

/// Greeters and lock screens of display managers have sessions, too.
bool is_login_screen(const Dictionary& session) {
    const auto kind = find<std::string>(session, "Class");
    return kind && (*kind == "greeter" || *kind == "lock-screen");
}

std::unique_ptr<sdbus::IProxy> make_proxy(Bus& bus, const char* name, const std::string& path) {
    auto proxy =
        sdbus::createProxy(bus.connection(), compat::ServiceName(name), sdbus::ObjectPath(path));
    compat::finish_registration(*proxy);
    return proxy;
}

} // namespace

Logind::Logind(Bus& bus, core::SeatPort& port, LogindSettings settings)
    : bus_(bus), port_(port), settings_(std::move(settings)),
      seat_path_(encoded_path(login1::kSeatPrefix, settings_.seat)),
      bus_daemon_(make_proxy(bus, kBusDaemon, kBusDaemonPath)),
      manager_(make_proxy(bus, login1::kName, login1::kPath)),
      seat_(make_proxy(bus, login1::kName, seat_path_)), lock_(*manager_),
      overdue_(bus.loop(),
               [this] {
                   log("service").warn("not all is home after {} ms; the host waits no longer",
                                       settings_.delay.count());
                   lock_.release();
               }),
      self_(std::make_shared<Logind*>(this)) {
    state_.only_for = settings_.only_for;
    subscribe();
    find_owner();
}

Logind::~Logind() = default;

void Logind::subscribe() {
    const std::string changed = "PropertiesChanged";
    listen(signal_rule(kProperties, changed) + ",path='" + seat_path_ + "'",
           [this](sdbus::Message& message) { on_seat_changed(message); });
    listen(signal_rule(kProperties, changed) + ",path_namespace='" + login1::kSessionPrefix + "'",
           [this](sdbus::Message& message) { on_session_changed(message); });
    listen(signal_rule(login1::kSession, "Lock"), [this](sdbus::Message& message) {
        if (message.getPath() == session_path_) {
            port_.on_lock_request();
            log("service").info("the session is to be locked");
        }
    });
    const auto prepare = [this](const char* member, void (Logind::*on_signal)(bool)) {
        listen(signal_rule(login1::kManager, member) + ",path='" + login1::kPath + "'",
               [this, on_signal](sdbus::Message& message) {
                   bool begins = false;
                   message >> begins;
                   (this->*on_signal)(begins);
               });
    };
    prepare("PrepareForSleep", &Logind::on_sleep);
    prepare("PrepareForShutdown", &Logind::on_shutdown);
    const std::string owners = std::string("type='signal',sender='") + kBusDaemon + "',path='" +
                               kBusDaemonPath + "',interface='" + kBusDaemon +
                               "',member='NameOwnerChanged',arg0='" + login1::kName + "'";
    matches_.push_back(compat::add_match(bus_.connection(), owners, [this](auto&& message) {
        if (std::string(message.getSender()) == kBusDaemon) {
            std::string name;
            std::string before;
            std::string after;
            message >> name >> before >> after;
            on_owner(after);
        }
    }));
}

void Logind::listen(const std::string& rule, OnMessage handler) {
    matches_.push_back(compat::add_match(
        bus_.connection(), rule, [this, handle = std::move(handler)](auto&& message) {
            if (owner_.empty() || message.getSender() != owner_) {
                return;
            }
            try {
                handle(message);
            } catch (const sdbus::Error& error) {
                complain(std::string("what it sent: ") + error.what());
            }
        }));
}

void Logind::find_owner() {
    bus_daemon_->callMethodAsync("GetNameOwner")
        .onInterface(kBusDaemon)
        .withTimeout(login1::kTimeout)
        .withArguments(std::string(login1::kName))
        .uponReplyInvoke([this](compat::AsyncError error, const std::string& owner) {
            if (!error) {
                on_owner(owner);
            } else if (owner_.empty()) {
                complain("it is not running");
                now_known();
            }
        });
}

void Logind::on_owner(const std::string& unique_name) {
    if (unique_name == owner_) {
        return;
    }
    const bool was_there = !std::exchange(owner_, unique_name).empty();
    // Whatever it was about to do, nobody will say that it is over. Who is on the seat stays true
    // until it says otherwise.
    lock_.release();
    overdue_.disarm();
    state_.suspending = false;
    state_.shutting_down = false;
    if (was_there) {
        publish();
    }
    if (owner_.empty()) {
        complain("it has gone");
    } else {
        ask_manager();
    }
}

void Logind::get_all(sdbus::IProxy& proxy, const char* interface, OnReply on_reply) {
    try {
        proxy.callMethodAsync("GetAll")
            .onInterface(kProperties)
            .withTimeout(login1::kTimeout)
            .withArguments(std::string(interface))
            .uponReplyInvoke([this, interface, on_reply](compat::AsyncError error,
                                                         const Dictionary& properties) {
                if (error) {
                    complain(std::string(interface) + ": " + error->what());
                }
                on_reply(error ? nullptr : &properties);
            });
    } catch (const sdbus::Error& error) { // the bus is gone: its owner is told otherwise
        log("service").debug("ask logind: {}, ignoring", error.what());
    }
}

void Logind::ask_manager() {
    get_all(*manager_, login1::kManager, [this](const Dictionary* properties) {
        if (properties != nullptr) {
            state_.suspending = find<bool>(*properties, "PreparingForSleep").value_or(false);
            state_.shutting_down = find<bool>(*properties, "PreparingForShutdown").value_or(false);
        }
        if (!state_.suspending) {
            lock_.take();
        }
        ask_seat();
    });
}

void Logind::ask_seat() {
    get_all(*seat_, login1::kSeat, [this](const Dictionary* properties) {
        if (properties == nullptr) {
            publish();
            now_known();
            return;
        }
        take_seat(*properties);
    });
}

void Logind::take_seat(const Dictionary& properties) {
    const auto active = find<SessionRef>(properties, "ActiveSession");
    if (!active) {
        return;
    }
    const std::string id = std::get<0>(*active);
    session_path_ = std::get<1>(*active);
    if (id.empty()) {
        state_.session.reset();
        session_.reset();
    } else if (!state_.session || state_.session->id != id) {
        state_.session = core::SeatSession{id, std::nullopt, Lock::Unknown};
    }
    state_.known = true;
    publish(); // home comes first
    log("service").info("on {}: {}", settings_.seat, id.empty() ? "nobody" : "session " + id);
    if (state_.session) {
        ask_session();
    } else {
        complained_ = false;
        now_known();
    }
}

void Logind::ask_session() {
    session_ = make_proxy(bus_, login1::kName, session_path_); // drops questions about another
    get_all(*session_, login1::kSession,
            [this](const Dictionary* properties) { take_session(properties); });
}

void Logind::take_session(const Dictionary* properties) {
    auto& session = *state_.session; // there is none without
    if (properties == nullptr) {
        session.lock = Lock::Open; // as without logind
    } else {
        using User = sdbus::Struct<std::uint32_t, sdbus::ObjectPath>;
        if (const auto user = find<User>(*properties, "User")) {
            session.uid = std::get<0>(*user);
        }
        const bool locked = find<bool>(*properties, "LockedHint").value_or(false);
        session.lock = locked ? Lock::Locked : Lock::Open;
        if (is_login_screen(*properties)) {
            session.lock = Lock::LoginScreen;
        }
        complained_ = false;
    }
    publish();
    now_known();
}

void Logind::on_seat_changed(sdbus::Message& message) {
    std::string interface;
    Dictionary changed;
    message >> interface >> changed;
    if (interface == login1::kSeat) {
        take_seat(changed);
    }
}

// Its Active needs no look: logind changes the seat's ActiveSession in the same breath.
void Logind::on_session_changed(sdbus::Message& message) {
    std::string interface;
    Dictionary changed;
    message >> interface >> changed;
    if (message.getPath() != session_path_ || interface != login1::kSession || !state_.session) {
        return;
    }
    const auto locked = find<bool>(changed, "LockedHint");
    auto& lock = state_.session->lock;
    // While it is not known, the answer is under way, and newer.
    if (!locked || lock == Lock::Unknown || lock == Lock::LoginScreen) {
        return;
    }
    lock = *locked ? Lock::Locked : Lock::Open;
    publish();
    log("service").info("the session is {}", *locked ? "locked" : "unlocked");
}

void Logind::on_sleep(bool begins) {
    state_.suspending = begins;
    const unsigned number = ++sleeps_;
    if (begins) {
        overdue_.arm_after(settings_.delay);
        publish([weak = std::weak_ptr(self_), number] {
            if (const auto self = weak.lock(); self && (*self)->sleeps_ == number) {
                (*self)->give_way();
            }
        });
    } else {
        give_way();
        publish();
        lock_.take();
    }
    log("service").info("the host {}", begins ? "goes to sleep" : "is awake again");
}

void Logind::on_shutdown(bool begins) {
    state_.shutting_down = begins;
    publish();
    log("service").info("the host {}", begins ? "shuts down" : "does not shut down after all");
}

void Logind::give_way() {
    overdue_.disarm();
    lock_.release();
}

void Logind::publish(core::SeatPort::Home home) {
    port_.on_seat(state_, std::move(home));
}

void Logind::now_known() {
    if (const auto known = std::exchange(known_, nullptr)) {
        known();
    }
}

void Logind::complain(const std::string& what) {
    if (!std::exchange(complained_, true)) {
        log("service").warn("logind: {}; the switch goes by what is known of sessions, lock and "
                            "sleep",
                            what);
    }
}

} // namespace spicykvm::service
