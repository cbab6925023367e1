// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace spicykvm {

Failure fail(ErrorCode code, std::string message) {
    return Failure(Error{code, std::move(message)});
}

Failure fail_errno(std::string_view what, int error_number) {
    std::string message(what);
    message += ": ";
    message += std::generic_category().message(error_number);
    return fail(code_from_errno(error_number), std::move(message));
}

ErrorCode code_from_errno(int error_number) noexcept {
    switch (error_number) {
    case EACCES:
    case EPERM:
        return ErrorCode::AccessDenied;
    case ENOENT:
    case ENODEV:
    case ENXIO:
        return ErrorCode::NotFound;
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
        return ErrorCode::Unreachable;
    case ETIMEDOUT:
        return ErrorCode::Timeout;
    case ECONNRESET:
    case EPIPE:
        return ErrorCode::Disconnected;
    case EBUSY:
        return ErrorCode::Busy;
    case EINVAL:
        return ErrorCode::InvalidArgument;
    default:
        return ErrorCode::Failed;
    }
}

std::string_view to_string(ErrorCode code) noexcept {
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "invalid-argument";
    case ErrorCode::NotFound:
        return "not-found";
    case ErrorCode::AccessDenied:
        return "access-denied";
    case ErrorCode::WrongPassword:
        return "wrong-password";
    case ErrorCode::Unreachable:
        return "unreachable";
    case ErrorCode::Timeout:
        return "timeout";
    case ErrorCode::Disconnected:
        return "disconnected";
    case ErrorCode::Busy:
        return "busy";
    case ErrorCode::WrongPeer:
        return "wrong-peer";
    case ErrorCode::NotSupported:
        return "not-supported";
    case ErrorCode::Protocol:
        return "protocol";
    case ErrorCode::Blocked:
        return "blocked";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Failed:
        return "failed";
    }
    return "failed";
}

} // namespace spicykvm
