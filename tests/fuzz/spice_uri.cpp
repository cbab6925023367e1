// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The address of a server, as somebody wrote it.
#include "fuzz/target.h"
#include "spice/socket_address.h"

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    const std::string uri(input.begin(), input.end());
    const auto endpoint = spice::parse_endpoint(uri);
    if (!endpoint) {
        require(!endpoint.error().message.empty());
        return;
    }
    if (const auto* local = std::get_if<spice::UnixEndpoint>(&*endpoint)) {
        require(local->path.size() >= 2 && local->path.find('\0') == std::string::npos);
        require(spice::SocketAddress::of(*local).is_local());
    } else {
        const auto& remote = std::get<spice::TcpEndpoint>(*endpoint);
        require(!remote.host.empty() && remote.port != 0);
        (void)spice::SocketAddress::of_literal(remote);
    }
}

} // namespace spicykvm::fuzz
