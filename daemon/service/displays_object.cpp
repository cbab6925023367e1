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
        port->list([done = std::move(done)](const Result<std::vector<core::DisplayStatus>>& list) {
            done(list.map([](const auto& displays) -> Answer {
                std::vector<Dictionary> all;
                for (const core::DisplayStatus& display : displays) {
                    all.push_back(describe(display));
                }
                return all;
            }));
        });
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

} // namespace spicykvm::service
