// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/log.h"
#include "base/result.h"

#include <cstddef>
#include <sdbus-c++/Error.h>
#include <string>
#include <string_view>

namespace spicykvm::service {

/// How much of a name that a caller gave is repeated to others, in bytes.
constexpr std::size_t kMaxQuotedName = 64;

/// "org.spicykvm.Error.WrongPassword" for ErrorCode::WrongPassword and so on, made from
/// to_string().
[[nodiscard]] std::string error_name(ErrorCode code);

/// The error as the caller of a method gets it.
[[nodiscard]] sdbus::Error to_bus_error(const Error& error);
/// One of the standard errors of spicykvm-dbus/names.h.
[[nodiscard]] sdbus::Error to_bus_error(const char* name, std::string_view message);

/// The same text in valid UTF-8: a message with anything else can't be sent. What is not valid
/// becomes a question mark.
[[nodiscard]] std::string utf8(std::string_view text);

/// A signal that can't be sent means that the bus is gone; Bus::on_disconnected() tells the owner.
template <typename Emit>
void emit_quietly(Emit emit) {
    try {
        emit();
    } catch (const sdbus::Error& error) {
        log("service").debug("signal not sent: {}, ignoring", error.what());
    }
}

} // namespace spicykvm::service
