// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/displays_object.h"

#include "service/display_map.h"
#include "service/errors.h"
#include "spicykvm-dbus/names.h"

#include <utility>

namespace spicykvm::service {

namespace {

/// Hands what the port gives on to the caller, as the bus has it.
template <typename Value>
auto described(Requests::Done done) {
    return [done = std::move(done)](const Result<Value>& result) {
        done(result.map([](const Value& value) -> Answer { return describe(value); }));
    };
}

template <typename Value>
auto described_list(Requests::Done done) {
    return [done = std::move(done)](const Result<std::vector<Value>>& result) {
        done(result.map([](const std::vector<Value>& values) -> Answer {
            std::vector<Dictionary> all;
            for (const Value& value : values) {
                all.push_back(describe(value));
            }
            return all;
        }));
    };
}

} // namespace

DisplaysObject::DisplaysObject(sdbus::IConnection& connection, core::DisplaysPort* port,
                               Requests& requests)
    : AdaptorInterfaces(connection, sdbus::ObjectPath(dbus::kManagerPath)), port_(port),
      requests_(requests) {
    registerAdaptor();
}

DisplaysObject::~DisplaysObject() {
    unregisterAdaptor();
}

bool DisplaysObject::is_available(Call& call) const {
    if (port_ == nullptr) {
        call.reply.fail(
            Error{ErrorCode::NotSupported, "monitors are not available to this spicykvmd"});
    }
    return port_ != nullptr;
}

void DisplaysObject::ListDisplays(sdbus::Result<std::vector<Dictionary>>&& result) {
    Call call = current_call(getObject(), std::move(result));
    if (!is_available(call)) {
        return;
    }
    requests_.look(std::move(call), [port = port_](Requests::Done done) {
        port->list(described_list<core::DisplayStatus>(std::move(done)));
    });
}

void DisplaysObject::GetFeature(sdbus::Result<Dictionary>&& result, std::string display,
                                std::uint8_t feature) {
    Call call = current_call(getObject(), std::move(result));
    if (!is_available(call)) {
        return;
    }
    requests_.use_display(
        std::move(call), display, [port = port_, display, feature](Requests::Done done) {
            port->get(display, feature, described<core::DisplayFeature>(std::move(done)));
        });
}

void DisplaysObject::SetFeature(sdbus::Result<Dictionary>&& result, std::string display,
                                std::uint8_t feature, std::string value, Dictionary options) {
    Call call = current_call(getObject(), std::move(result));
    if (!is_available(call)) {
        return;
    }
    if (!options.empty()) {
        call.reply.fail(to_bus_error(dbus::kErrorInvalidArgs, "there are no options yet"));
        return;
    }
    const auto number = port_->check(feature, value);
    if (!number) {
        call.reply.fail(number.error());
        return;
    }
    requests_.use_display(std::move(call), display,
                          [port = port_, display, feature, number = *number](Requests::Done done) {
                              port->set(
                                  display, feature, number,
                                  [done = std::move(done)](const Result<std::string>& note) {
                                      done(note.map([](const std::string& text) -> Answer {
                                          return Dictionary{{"note", sdbus::Variant(utf8(text))}};
                                      }));
                                  });
                          });
}

void DisplaysObject::ReadCapabilities(sdbus::Result<Dictionary>&& result, std::string display) {
    Call call = current_call(getObject(), std::move(result));
    if (!is_available(call)) {
        return;
    }
    requests_.use_display(std::move(call), display, [port = port_, display](Requests::Done done) {
        port->capabilities(display, described<core::DisplayCapabilities>(std::move(done)));
    });
}

void DisplaysObject::TestReturn(sdbus::Result<std::vector<Dictionary>>&& result, std::string target,
                                std::string monitor, std::uint32_t seconds, Dictionary options) {
    Call call = current_call(getObject(), std::move(result));
    if (!is_available(call)) {
        return;
    }
    const std::chrono::seconds away(seconds);
    if (!options.empty() || away < core::DisplaysPort::kLeastAway ||
        away > core::DisplaysPort::kMostAway) {
        call.reply.fail(to_bus_error(dbus::kErrorInvalidArgs, options.empty()
                                                                  ? "seconds; allowed: 1 to 10"
                                                                  : "there are no options yet"));
        return;
    }
    requests_.use_display(
        std::move(call), target + "/" + monitor,
        [port = port_, target, monitor, away](Requests::Done done) {
            port->test_return(target, monitor, away,
                              described_list<core::ReturnTrial>(std::move(done)));
        },
        [port = port_] { port->stop_test(); });
}

} // namespace spicykvm::service
