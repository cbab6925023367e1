// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/socket_io.h"

#include <cerrno>
#include <sys/socket.h>

namespace spicykvm::spice {

namespace {

IoResult from_errno(int error_number) noexcept {
    if (error_number == EAGAIN || error_number == EWOULDBLOCK) {
        return {IoState::Blocked, 0};
    }
    return {IoState::Failed, error_number};
}

} // namespace

IoResult send_pending(int socket, OutBuffer& out) noexcept {
    if (out.empty()) {
        return {};
    }
    const ByteSpan bytes = out.pending();
    ssize_t sent = 0;
    do {
        sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        return from_errno(errno);
    }
    out.consume(static_cast<std::size_t>(sent));
    return {out.empty() ? IoState::Done : IoState::Blocked, 0};
}

Received receive_some(int socket, std::span<std::uint8_t> buffer) noexcept {
    ssize_t received = 0;
    do {
        received = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    } while (received < 0 && errno == EINTR);
    if (received < 0) {
        return {from_errno(errno), {}};
    }
    if (received == 0) {
        return {{IoState::Closed, 0}, {}};
    }
    return {{}, buffer.first(static_cast<std::size_t>(received))};
}

} // namespace spicykvm::spice
