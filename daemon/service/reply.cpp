// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/reply.h"

#include "base/log.h"
#include "base/sdbus_compat.h"
#include "service/errors.h"

#include <utility>

namespace spicykvm::service {

namespace {

/// A reply can't be sent when the bus is gone; then nobody waits for it either.
template <typename Send>
void send_quietly(Send send) noexcept {
    try {
        send();
    } catch (const sdbus::Error& error) {
        log("service").debug("reply not sent: {}, ignoring", error.what());
    }
}

} // namespace

Reply::Reply(Reply&& other) noexcept
    : result_(std::move(other.result_)), owed_(std::exchange(other.owed_, false)) {}

Reply::~Reply() {
    if (owed_) {
        fail(Error{ErrorCode::Cancelled, "spicykvmd is ending"});
    }
}

void Reply::done(const Answer& answer) {
    if (!std::exchange(owed_, false)) {
        return;
    }
    send_quietly([&] {
        if (const auto* dictionary = std::get_if<Dictionary>(&answer)) {
            std::get<sdbus::Result<Dictionary>>(result_).returnResults(*dictionary);
        } else if (const auto* list = std::get_if<std::vector<Dictionary>>(&answer)) {
            std::get<sdbus::Result<std::vector<Dictionary>>>(result_).returnResults(*list);
        } else if (const auto* socket = std::get_if<sdbus::UnixFd>(&answer)) {
            std::get<sdbus::Result<sdbus::UnixFd, Dictionary>>(result_).returnResults(*socket, {});
        } else {
            std::get<sdbus::Result<>>(result_).returnResults();
        }
    });
}

void Reply::fail(const sdbus::Error& error) {
    if (std::exchange(owed_, false)) {
        send_quietly([this, &error] {
            std::visit([&error](const auto& result) { result.returnError(error); }, result_);
        });
    }
}

void Reply::fail(const Error& error) {
    fail(to_bus_error(error));
}

Call current_call(const sdbus::IObject& object, Reply reply) {
    auto info = compat::call_info(object);
    return {std::move(info.sender), info.may_ask_password, std::move(reply)};
}

} // namespace spicykvm::service
