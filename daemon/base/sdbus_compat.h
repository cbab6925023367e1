// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <systemd/sd-bus.h>
#include <utility>
#include <vector>

/// Everything in which sdbus-c++ 1.2 and 2.x differ for this project. Generated code fits its own
/// version, and sdbus::ObjectPath is accepted for a path by both.
namespace spicykvm::compat {

#if SPICYKVM_SDBUS_MAJOR >= 2
using ServiceName = sdbus::ServiceName;
/// First parameter of the handler of an asynchronous reply; true: the call failed.
using AsyncError = std::optional<sdbus::Error>;
#else
using ServiceName = std::string;
using AsyncError = const sdbus::Error*;
#endif

inline sdbus::Error make_error(std::string name, std::string message) {
#if SPICYKVM_SDBUS_MAJOR >= 2
    return sdbus::Error(sdbus::Error::Name(std::move(name)), std::move(message));
#else
    return sdbus::Error(name, message);
#endif
}

/// Call once all signal handlers are registered.
inline void finish_registration([[maybe_unused]] sdbus::IProxy& proxy) {
#if SPICYKVM_SDBUS_MAJOR < 2
    proxy.finishRegistration();
#endif
}

/// Subscribes to `rule`; waits for the bus daemon. `handler` takes a sdbus::Message by `auto&&`.
template <typename Handler>
[[nodiscard]] sdbus::Slot add_match(sdbus::IConnection& connection, const std::string& rule,
                                    Handler handler) {
#if SPICYKVM_SDBUS_MAJOR >= 2
    return connection.addMatch(rule, std::move(handler), sdbus::return_slot);
#else
    return connection.addMatch(rule, std::move(handler));
#endif
}

inline void emit_properties_changed(sdbus::IObject& object, const char* interface,
                                    const std::vector<std::string>& names) {
#if SPICYKVM_SDBUS_MAJOR >= 2
    object.emitPropertiesChangedSignal(
        interface, std::vector<sdbus::PropertyName>(names.begin(), names.end()));
#else
    object.emitPropertiesChangedSignal(interface, names);
#endif
}

/// Neither version gives access to a message's flags, but both keep libsystemd's message in this
/// protected member.
struct RawMessage : sdbus::Message {
    static sd_bus_message* of(const sdbus::Message& message) {
        return static_cast<sd_bus_message*>(message.*(&RawMessage::msg_));
    }
};

/// A method call to be filled in and sent by hand.
inline sdbus::MethodCall new_call(sdbus::IProxy& proxy, const char* interface, const char* method) {
#if SPICYKVM_SDBUS_MAJOR >= 2
    return proxy.createMethodCall(sdbus::InterfaceName(interface), sdbus::MethodName(method));
#else
    return proxy.createMethodCall(interface, method);
#endif
}

/// What the message that `object` is handling says about its sender. Only inside a handler.
struct CallInfo {
    std::string sender;    ///< unique name
    bool may_ask_password; ///< ALLOW_INTERACTIVE_AUTHORIZATION is set
};
inline CallInfo call_info(const sdbus::IObject& object) {
#if SPICYKVM_SDBUS_MAJOR >= 2
    const sdbus::Message message = object.getCurrentlyProcessedMessage();
#else
    const sdbus::Message& message = *object.getCurrentlyProcessedMessage();
#endif
    return {message.getSender(),
            sd_bus_message_get_allow_interactive_authorization(RawMessage::of(message)) > 0};
}

/// What an event loop has to wait for. `wake_usec`: CLOCK_MONOTONIC, 0: now, UINT64_MAX: never.
struct PollState {
    int fd;
    std::uint32_t events; ///< POLL*, which are the EPOLL* of the same name
    std::uint64_t wake_usec;
};
inline PollState poll_state(const sdbus::IConnection& connection) {
    const auto data = connection.getEventLoopPollData();
#if SPICYKVM_SDBUS_MAJOR >= 2
    const auto wake = data.timeout == std::chrono::microseconds::max()
                          ? UINT64_MAX
                          : static_cast<std::uint64_t>(data.timeout.count());
#else
    const auto wake = data.timeout_usec;
#endif
    return {data.fd, static_cast<std::uint32_t>(data.events), wake};
}

/// Handles at most one message.
inline void process_one(sdbus::IConnection& connection) {
#if SPICYKVM_SDBUS_MAJOR >= 2
    connection.processPendingEvent();
#else
    connection.processPendingRequest();
#endif
}

} // namespace spicykvm::compat
