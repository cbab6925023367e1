// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace spicykvm::spice {

struct TcpEndpoint {
    std::string host; ///< a name or an address, IPv6 without brackets
    std::uint16_t port = 0;
    bool operator==(const TcpEndpoint&) const = default;
};

struct UnixEndpoint {
    std::string path; ///< absolute; or '@' and a name in the abstract namespace
    bool operator==(const UnixEndpoint&) const = default;
};

/// Where a SPICE server listens.
using Endpoint = std::variant<TcpEndpoint, UnixEndpoint>;

/// From "spice://host:port", "spice://[::1]:port", "spice://host?port=5900", "spice+unix:///path"
/// or "spice+unix://@name"; percent-decoded. There is no default port. The error does not repeat
/// the URI: somebody may have put a password into it.
Result<Endpoint> parse_endpoint(std::string_view uri);

/// As URI, for people.
std::string to_string(const Endpoint& endpoint);

} // namespace spicykvm::spice
