// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/endpoint.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

void expect_tcp(std::string_view uri, const std::string& host, std::uint16_t port) {
    const auto endpoint = parse_endpoint(uri);
    ASSERT_TRUE(endpoint) << uri << ": " << endpoint.error().message;
    EXPECT_EQ(*endpoint, Endpoint(TcpEndpoint{host, port})) << uri;
}

void expect_unix(std::string_view uri, const std::string& path) {
    const auto endpoint = parse_endpoint(uri);
    ASSERT_TRUE(endpoint) << uri << ": " << endpoint.error().message;
    EXPECT_EQ(*endpoint, Endpoint(UnixEndpoint{path})) << uri;
}

void expect_wrong(std::string_view uri, std::string_view cause,
                  ErrorCode code = ErrorCode::InvalidArgument) {
    const auto endpoint = parse_endpoint(uri);
    ASSERT_FALSE(endpoint) << uri;
    EXPECT_EQ(endpoint.error().code, code) << uri;
    EXPECT_NE(endpoint.error().message.find(cause), std::string::npos)
        << uri << ": " << endpoint.error().message;
}

TEST(ParseEndpoint, HostAndPort) {
    expect_tcp("spice://vm:5900", "vm", 5900);
    expect_tcp("spice://vm:5900/", "vm", 5900);
    expect_tcp("spice://127.0.0.1:1", "127.0.0.1", 1);
    expect_tcp("spice://vm.example:65535", "vm.example", 65535);
}

TEST(ParseEndpoint, Ipv6InBrackets) {
    expect_tcp("spice://[::1]:5900", "::1", 5900);
    expect_tcp("spice://[fe80::1%25eth0]:5900", "fe80::1%eth0", 5900);
}

TEST(ParseEndpoint, ThePortMayBeInTheQuery) {
    expect_tcp("spice://vm?port=5900", "vm", 5900);
    expect_tcp("spice://[::1]?port=5900", "::1", 5900);
    expect_tcp("spice://vm/?port=5900", "vm", 5900);
}

TEST(ParseEndpoint, UnixSockets) {
    expect_unix("spice+unix:///run/vm.sock", "/run/vm.sock");
    expect_unix("spice+unix:///run/win%2011%3f.sock", "/run/win 11?.sock");
    expect_unix("spice+unix://@qemu-spice", "@qemu-spice");
}

TEST(ParseEndpoint, PercentSignsAreDecodedInHosts) {
    expect_tcp("spice://v%6D:5900", "vm", 5900);
}

TEST(ParseEndpoint, APathTakes107BytesAndNotOneMore) {
    const std::string longest = "/" + std::string(106, 'x');
    expect_unix("spice+unix://" + longest, longest);
    expect_wrong("spice+unix://" + longest + "x", "108 bytes; allowed: 107");
}

TEST(ParseEndpoint, OtherFormsAreRefusedWithTheAllowedOnes) {
    for (const std::string_view uri : {"", "spice", "spice:", "spice:/", "vnc://vm:5900",
                                       "SPICE://vm:5900", "/run/vm.sock", "spice+ssh://vm:5900"}) {
        expect_wrong(uri, "allowed: spice://host:port, spice+unix:///path, spice+unix://@name");
    }
}

TEST(ParseEndpoint, TheHostMustBeThere) {
    expect_wrong("spice://", "the host is missing");
    expect_wrong("spice://:5900", "the host is missing");
    expect_wrong("spice://[]:5900", "the host is missing");
    expect_wrong("spice://[::1:5900", "\"]\"");
}

TEST(ParseEndpoint, ThePortMustBeThereOnce) {
    expect_wrong("spice://vm", "the port is missing");
    expect_wrong("spice://[::1]", "the port is missing");
    expect_wrong("spice://[::1]x5900", "the port is missing");
    expect_wrong("spice://vm:5900?port=5901", "given twice");
}

TEST(ParseEndpoint, ThePortIsANumber) {
    for (const std::string_view port : {"", "0", "65536", "x", "59x", "+1", "-1", " 1", "1:2"}) {
        expect_wrong("spice://vm:" + std::string(port), "from 1 to 65535");
    }
    expect_wrong("spice://vm?port=0", "from 1 to 65535");
}

TEST(ParseEndpoint, MoreThanHostAndPortIsRefused) {
    expect_wrong("spice://me@vm:5900", "more than host and port");
    expect_wrong("spice://vm:5900/path", "more than host and port");
    expect_wrong("spice://vm:5900?channel=main", "only port= is known");
}

TEST(ParseEndpoint, PathsAreAbsolute) {
    expect_wrong("spice+unix://", "not absolute");
    expect_wrong("spice+unix:///", "not absolute");
    expect_wrong("spice+unix://@", "not absolute");
    expect_wrong("spice+unix://run/vm.sock", "not absolute");
}

TEST(ParseEndpoint, BrokenPercentSignsAreRefused) {
    for (const std::string_view end : {"%", "%4", "%zz", "%-1", "% 1"}) {
        expect_wrong("spice+unix:///run/" + std::string(end), "two digits");
    }
}

TEST(ParseEndpoint, ControlCharactersAreRefused) {
    expect_wrong(std::string_view("spice+unix:///run/\0vm", 22), "a control character");
    expect_wrong("spice+unix:///run/%00vm", "a control character");
    expect_wrong("spice+unix:///run/\nvm", "a control character");
    expect_wrong("spice://vm%1b:5900", "a control character");
    expect_wrong("spice://vm\x7f:5900", "a control character");
}

TEST(ParseEndpoint, TlsIsNotSupportedYet) {
    expect_wrong("spice+tls://vm:5901", "TLS is not supported yet", ErrorCode::NotSupported);
    expect_wrong("spice://vm?port=5900&tls-port=5901", "TLS is not supported yet",
                 ErrorCode::NotSupported);
}

TEST(ParseEndpoint, APasswordIsRefusedAndNotRepeated) {
    for (const std::string_view uri :
         {"spice://vm:5900?password=hunter2", "spice://vm?port=5900;password=hunter2",
          "spice+unix:///run/vm.sock?password=hunter2", "spice://vm:x?password=hunter2",
          "spice://me:hunter2@vm:5900"}) {
        const auto endpoint = parse_endpoint(uri);
        ASSERT_FALSE(endpoint) << uri;
        EXPECT_EQ(endpoint.error().message.find("hunter2"), std::string::npos) << uri;
    }
    expect_wrong("spice://vm:5900?password=hunter2", "a password source");
}

TEST(EndpointToString, IsAUriAgain) {
    for (const std::string_view uri : {"spice://vm:5900", "spice://[::1]:5900",
                                       "spice+unix:///run/vm.sock", "spice+unix://@name"}) {
        EXPECT_EQ(to_string(*parse_endpoint(uri)), uri);
    }
}

} // namespace
} // namespace spicykvm::spice
