// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/daemon_client.h"

#include "base/log.h"
#include "spicykvm-dbus/audio_proxy.h"
#include "spicykvm-dbus/manager_proxy.h"
#include "spicykvm-dbus/names.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace spicykvm::session {

namespace {

constexpr const char* kAudio = org::spicykvm::Audio_proxy::INTERFACE_NAME;
constexpr const char* kManager = org::spicykvm::Manager_proxy::INTERFACE_NAME;
constexpr const char* kProperties = "org.freedesktop.DBus.Properties";
constexpr const char* kBusDaemon = "org.freedesktop.DBus";
constexpr const char* kActive = "active"; // of the property State
constexpr std::chrono::seconds kOpenTimeout{30};

ErrorCode code_of(const std::string& name) {
    const std::string prefix = dbus::kErrorPrefix;
    if (name == dbus::kErrorAccessDenied || name == prefix + "AccessDenied") {
        return ErrorCode::AccessDenied;
    }
    if (name == prefix + "Busy") {
        return ErrorCode::Busy;
    }
    return name == prefix + "NotFound" ? ErrorCode::NotFound : ErrorCode::Failed;
}

Error to_error(const sdbus::Error& error) {
    return {code_of(error.getName()), error.getMessage()};
}

/// A descriptor of our own, for the message's ends with it.
Result<Fd> own_socket(const sdbus::UnixFd& received) {
    Fd socket(::fcntl(received.get(), F_DUPFD_CLOEXEC, 3));
    struct stat status {};
    if (!socket.valid() || ::fstat(socket.get(), &status) != 0) {
        return fail_errno("take the channel's socket", errno);
    }
    if (!S_ISSOCK(status.st_mode)) {
        return fail(ErrorCode::Protocol, "the daemon gave something else than a socket");
    }
    return socket;
}

/// The bus is gone when a call throws; its owner is told otherwise.
template <typename Call>
void quietly(Call call) {
    try {
        call();
    } catch (const sdbus::Error& error) {
        log("session").debug("{}: {}, ignoring", error.getName(), error.getMessage());
    }
}

} // namespace

DaemonClient::DaemonClient(Bus& bus)
    : bus_(bus), bus_daemon_(sdbus::createProxy(bus.connection(), compat::ServiceName(kBusDaemon),
                                                sdbus::ObjectPath("/org/freedesktop/DBus"))),
      daemon_(sdbus::createProxy(bus.connection(), compat::ServiceName(dbus::kBusName),
                                 sdbus::ObjectPath(dbus::kManagerPath))) {
    compat::finish_registration(*bus_daemon_);
    compat::finish_registration(*daemon_);
    subscribe();
    ask_for_owner();
}

DaemonClient::~DaemonClient() = default;

void DaemonClient::observe(DaemonObserver* observer) {
    observer_ = observer;
}

void DaemonClient::subscribe() {
    matches_.push_back(compat::add_match(bus_.connection(),
                                         "type='signal',sender='" + std::string(dbus::kBusName) +
                                             "',path='" + dbus::kManagerPath + "',interface='" +
                                             kProperties + "',member='PropertiesChanged'",
                                         [this](auto&& message) {
                                             std::string interface;
                                             Dictionary changed;
                                             message >> interface >> changed;
                                             take(interface, changed);
                                         }));
    matches_.push_back(compat::add_match(bus_.connection(),
                                         "type='signal',sender='" + std::string(kBusDaemon) +
                                             "',member='NameOwnerChanged',arg0='" + dbus::kBusName +
                                             "'",
                                         [this](auto&& message) {
                                             std::string name;
                                             std::string before;
                                             std::string after;
                                             message >> name >> before >> after;
                                             on_owner(!after.empty());
                                         }));
}

void DaemonClient::ask_for_owner() {
    bus_daemon_->callMethodAsync("NameHasOwner")
        .onInterface(kBusDaemon)
        .withArguments(std::string(dbus::kBusName))
        .uponReplyInvoke([this](compat::AsyncError error, bool is_there) {
            if (!error && is_there) {
                on_owner(true);
            } else {
                log("session").info("spicykvmd is not there yet");
            }
        });
}

void DaemonClient::on_owner(bool is_there) {
    take(kManager, {{"State", sdbus::Variant(std::string())}});
    take(kAudio, {{"Channels", sdbus::Variant(OfferList())}});
    if (is_there) {
        ask_for(kManager);
        ask_for(kAudio);
    } else {
        log("session").info("spicykvmd is gone");
    }
}

void DaemonClient::ask_for(const std::string& interface) {
    quietly([&] {
        daemon_->callMethodAsync("GetAll")
            .onInterface(kProperties)
            .withArguments(interface)
            .uponReplyInvoke([this, interface](compat::AsyncError error, const Dictionary& all) {
                if (!error) {
                    take(interface, all);
                } else {
                    log("session").debug("read {} of spicykvmd: {}", interface,
                                         error->getMessage());
                }
            });
    });
}

void DaemonClient::take(const std::string& interface, const Dictionary& changed) {
    if (interface == kManager) {
        take_place(changed);
        return;
    }
    if (observer_ == nullptr) {
        return;
    }
    const auto found = changed.find("Channels");
    if (interface == kAudio && found != changed.end() &&
        found->second.containsValueOfType<OfferList>()) {
        observer_->on_offers(to_offers(found->second.get<OfferList>()));
    }
}

void DaemonClient::take_place(const Dictionary& changed) {
    const std::array<std::pair<const char*, std::string*>, 2> texts{
        {{"State", &state_}, {"ActiveTarget", &target_}}};
    for (const auto& [key, text] : texts) {
        const auto found = changed.find(key);
        if (found != changed.end() && found->second.containsValueOfType<std::string>()) {
            *text = found->second.get<std::string>();
        }
    }
    if (observer_ != nullptr) {
        observer_->on_active_target(state_ == kActive ? target_ : std::string());
    }
    if (away_) {
        away_(state_ == kActive);
    }
}

void DaemonClient::open_channel(const std::string& target, AudioKind kind, Opened opened) {
    try {
        daemon_->callMethodAsync("OpenChannel")
            .onInterface(kAudio)
            .withTimeout(kOpenTimeout)
            .withArguments(target, std::string(to_string(kind)))
            .uponReplyInvoke(
                [opened](compat::AsyncError error, const sdbus::UnixFd& socket, const Dictionary&) {
                    opened(error ? tl::make_unexpected(to_error(*error)) : own_socket(socket));
                });
    } catch (const sdbus::Error& error) {
        bus_.loop().defer(
            [opened, failure = to_error(error)] { opened(tl::make_unexpected(failure)); });
    }
}

void DaemonClient::report(const std::string& target, AudioKind kind, const ChannelReport& report) {
    quietly([&] {
        daemon_->callMethodAsync("Report")
            .onInterface(kAudio)
            .withArguments(target, std::string(to_string(kind)), to_dictionary(report))
            .uponReplyInvoke([this](compat::AsyncError error) {
                // The next one is a second away; and this one may cross the channel's end.
                if (error && !std::exchange(complained_, true)) {
                    log("session").debug("report: {}, ignoring", error->getMessage());
                }
            });
    });
}

} // namespace spicykvm::session
