// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/endpoint.h"

#include <charconv>
#include <optional>
#include <sys/un.h>

namespace spicykvm::spice {

namespace {

constexpr std::string_view kForms =
    "allowed: spice://host:port, spice+unix:///path, spice+unix://@name";
/// Without the NUL at the end.
constexpr std::size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;

Failure wrong(std::string_view cause, ErrorCode code = ErrorCode::InvalidArgument) {
    return fail(code, "read the SPICE address: " + std::string(cause));
}

/// Takes `prefix` off the front of `text`.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

/// Cuts `text` at the first of `separators`: what stood before is returned, what stood behind is
/// left.
std::string_view take_until(std::string_view& text, std::string_view separators) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

Result<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        char character = text.front();
        text.remove_prefix(1);
        if (character == '%') {
            unsigned value = 0;
            const char* const end = text.data() + std::min<std::size_t>(text.size(), 2);
            const auto [stop, error] = std::from_chars(text.data(), end, value, 16);
            if (error != std::errc() || stop != text.data() + 2) {
                return wrong("\"%\" is not followed by the two digits of a byte");
            }
            character = static_cast<char>(value);
            text.remove_prefix(2);
        }
        if (const auto byte = static_cast<unsigned char>(character); byte < 0x20 || byte == 0x7f) {
            return wrong("it has a control character");
        }
        decoded += character;
    }
    return decoded;
}

Result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || stop != text.data() + text.size() || port == 0) {
        return wrong("the port is not a number from 1 to 65535");
    }
    return port;
}

/// The port of "port=5900" and "port=5900;..."; nothing if it is not there.
Result<std::optional<std::uint16_t>> parse_query(std::string_view query) {
    std::optional<std::uint16_t> port;
    while (!query.empty()) {
        std::string_view value = take_until(query, "&;");
        const std::string_view key = take_until(value, "=");
        if (key == "password") {
            return wrong("a password does not belong into it; give the target a password source");
        }
        if (key == "tls-port") {
            return wrong("TLS is not supported yet", ErrorCode::NotSupported);
        }
        if (key != "port") {
            return wrong("behind the \"?\" only port= is known");
        }
        const auto parsed = parse_port(value);
        if (!parsed) {
            return Failure(parsed.error());
        }
        port = *parsed;
    }
    return port;
}

/// "host" or "[v6]" at the front of `authority`; what is left is empty or ":port".
Result<std::string> take_host(std::string_view& authority) {
    std::string_view host;
    if (take(authority, "[")) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return wrong("the \"]\" of the IPv6 address is missing");
        }
        host = authority.substr(0, end);
        authority.remove_prefix(end + 1);
    } else {
        host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(host.size());
    }
    if (host.empty()) {
        return wrong("the host is missing; " + std::string(kForms));
    }
    return percent_decode(host);
}

Result<Endpoint> parse_tcp(std::string_view rest) {
    std::string_view query = rest;
    std::string_view authority = take_until(query, "?");
    if (authority.ends_with('/')) {
        authority.remove_suffix(1);
    }
    if (authority.find_first_of("@/#") != std::string_view::npos) {
        return wrong("it has more than host and port; " + std::string(kForms));
    }
    auto port = parse_query(query);
    if (!port) {
        return Failure(port.error());
    }
    auto host = take_host(authority);
    if (!host) {
        return Failure(host.error());
    }
    if (!authority.empty() || !*port) {
        if (*port || !take(authority, ":")) {
            return wrong("the port is missing or given twice; " + std::string(kForms));
        }
        const auto direct = parse_port(authority);
        if (!direct) {
            return Failure(direct.error());
        }
        *port = *direct;
    }
    return TcpEndpoint{std::move(*host), **port};
}

Result<Endpoint> parse_unix(std::string_view rest) {
    std::string_view query = rest;
    const std::string_view encoded = take_until(query, "?");
    if (const auto unused = parse_query(query); !unused) {
        return Failure(unused.error());
    }
    auto path = percent_decode(encoded);
    if (!path) {
        return Failure(path.error());
    }
    if (path->size() < 2 || (path->front() != '/' && path->front() != '@')) {
        return wrong("the path of the socket is not absolute; " + std::string(kForms));
    }
    if (path->size() > kMaxPath) {
        return wrong("the path of the socket has " + std::to_string(path->size()) +
                     " bytes; allowed: " + std::to_string(kMaxPath));
    }
    return UnixEndpoint{std::move(*path)};
}

} // namespace

Result<Endpoint> parse_endpoint(std::string_view uri) {
    if (take(uri, "spice://")) {
        return parse_tcp(uri);
    }
    if (take(uri, "spice+unix://")) {
        return parse_unix(uri);
    }
    if (uri.starts_with("spice+tls://")) {
        return wrong("TLS is not supported yet", ErrorCode::NotSupported);
    }
    return wrong(kForms);
}

std::string to_string(const Endpoint& endpoint) {
    if (const auto* local = std::get_if<UnixEndpoint>(&endpoint)) {
        return "spice+unix://" + local->path;
    }
    const auto& remote = std::get<TcpEndpoint>(endpoint);
    const bool bracketed = remote.host.find(':') != std::string::npos;
    return "spice://" + (bracketed ? "[" + remote.host + "]" : remote.host) + ":" +
           std::to_string(remote.port);
}

} // namespace spicykvm::spice
