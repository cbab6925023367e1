// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spice/endpoint.h"

#include <optional>
#include <sys/socket.h>

namespace spicykvm::spice {

/// An address that connect() takes.
class SocketAddress {
  public:
    SocketAddress(const sockaddr& address, socklen_t size) noexcept;
    static SocketAddress of(const UnixEndpoint& endpoint) noexcept;
    /// If the host is an address already. Never asks the network.
    static std::optional<SocketAddress> of_literal(const TcpEndpoint& endpoint) noexcept;

    [[nodiscard]] int family() const noexcept { return storage_.ss_family; }
    [[nodiscard]] const sockaddr* get() const noexcept;
    [[nodiscard]] socklen_t size() const noexcept { return size_; }
    /// Whether it stays on this machine.
    [[nodiscard]] bool is_local() const noexcept;

  private:
    SocketAddress() noexcept = default;

    sockaddr_storage storage_{};
    socklen_t size_ = 0;
};

} // namespace spicykvm::spice
