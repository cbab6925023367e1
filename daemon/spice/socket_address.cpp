// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/socket_address.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace spicykvm::spice {

SocketAddress::SocketAddress(const sockaddr& address, socklen_t size) noexcept
    : size_(std::min<socklen_t>(size, sizeof storage_)) {
    std::memcpy(&storage_, &address, size_);
}

SocketAddress SocketAddress::of(const UnixEndpoint& endpoint) noexcept {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::min(endpoint.path.size(), sizeof address.sun_path - 1);
    std::memcpy(address.sun_path, endpoint.path.data(), length);
    std::size_t size = offsetof(sockaddr_un, sun_path) + length;
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0'; // abstract: its length counts, there is no NUL at the end
    } else {
        ++size;
    }
    SocketAddress result;
    std::memcpy(&result.storage_, &address, sizeof address);
    result.size_ = static_cast<socklen_t>(size);
    return result;
}

std::optional<SocketAddress> SocketAddress::of_literal(const TcpEndpoint& endpoint) noexcept {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(endpoint.port);
    if (::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found) != 0) {
        return std::nullopt;
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
    return SocketAddress(*found->ai_addr, found->ai_addrlen);
}

const sockaddr* SocketAddress::get() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage_);
}

bool SocketAddress::is_local() const noexcept {
    if (family() == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage_, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    if (family() == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &storage_, sizeof v6);
        const bool mapped_loopback =
            IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == IN_LOOPBACKNET;
        return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) || mapped_loopback;
    }
    return family() == AF_UNIX;
}

} // namespace spicykvm::spice
