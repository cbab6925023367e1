// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace spicykvm {

/// What kind of failure it is, for a caller that acts on it. Each maps to one D-Bus error name and
/// one exit code.
enum class ErrorCode {
    InvalidArgument, ///< the request or the configuration is wrong
    NotFound,        ///< no such target, device, channel or file
    AccessDenied,    ///< by file permissions, polkit or the peer
    WrongPassword,   ///< the SPICE ticket was refused (wrong, expired or missing)
    Unreachable,     ///< nothing listens there: the VM is off, or the host is down
    Timeout,         ///< no answer in time
    Disconnected,    ///< the peer closed the connection
    Busy,            ///< another program holds it, or another switch is under way
    WrongPeer,       ///< the peer is not the VM that is configured
    NotSupported,    ///< the peer or this build can't do it
    Protocol,        ///< the peer sent what the protocol does not allow
    Blocked,         ///< not while the host is as it is: locked, going to sleep
    Cancelled,       ///< given up because something newer was asked for
    Failed,          ///< anything else
};

/// A failure in good order. `message` is one line for a person: operation, object, cause.
struct Error {
    ErrorCode code = ErrorCode::Failed;
    std::string message;

    bool operator==(const Error&) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

[[nodiscard]] Failure fail(ErrorCode code, std::string message);
/// `what`: operation and object, such as "open /dev/input/event3"; the text of `error_number` is
/// added.
[[nodiscard]] Failure fail_errno(std::string_view what, int error_number);
/// The code that fits an errno value.
[[nodiscard]] ErrorCode code_from_errno(int error_number) noexcept;
/// Stable lower-case word, such as "wrong-password"; used in --json and on D-Bus.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

} // namespace spicykvm
