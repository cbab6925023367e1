// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/socket_address.h"

#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace spicykvm::spice {
namespace {

TEST(SocketAddress, OfAPathEndsWithANul) {
    const auto address = SocketAddress::of(UnixEndpoint{"/run/vm.sock"});
    ASSERT_EQ(address.family(), AF_UNIX);
    EXPECT_EQ(address.size(), offsetof(sockaddr_un, sun_path) + 13);
    sockaddr_un raw{};
    std::memcpy(&raw, address.get(), address.size());
    EXPECT_STREQ(raw.sun_path, "/run/vm.sock");
    EXPECT_TRUE(address.is_local());
}

TEST(SocketAddress, OfAnAbstractNameHasNoNulAtTheEnd) {
    const auto address = SocketAddress::of(UnixEndpoint{"@name"});
    EXPECT_EQ(address.size(), offsetof(sockaddr_un, sun_path) + 5);
    sockaddr_un raw{};
    std::memcpy(&raw, address.get(), address.size());
    EXPECT_EQ(std::string(raw.sun_path, 5), std::string("\0name", 5));
}

TEST(SocketAddress, LiteralsNeedNoLookUp) {
    const auto v4 = SocketAddress::of_literal({"192.0.2.1", 5900});
    ASSERT_TRUE(v4);
    sockaddr_in raw{};
    std::memcpy(&raw, v4->get(), sizeof raw);
    EXPECT_EQ(raw.sin_family, AF_INET);
    EXPECT_EQ(ntohs(raw.sin_port), 5900);
    const auto v6 = SocketAddress::of_literal({"2001:db8::1", 5900});
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->family(), AF_INET6);
}

TEST(SocketAddress, NamesAreNoLiterals) {
    for (const char* name : {"localhost", "vm", "1.2.3.4.5", "::g", ""}) {
        EXPECT_FALSE(SocketAddress::of_literal({name, 5900})) << name;
    }
}

TEST(SocketAddress, OnlyLoopbackStaysOnThisHost) {
    for (const char* host : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"}) {
        EXPECT_TRUE(SocketAddress::of_literal({host, 1})->is_local()) << host;
    }
    for (const char* host : {"126.255.255.255", "128.0.0.1", "0.0.0.0", "192.168.1.1",
                             "::", "2001:db8::1", "fe80::1", "::ffff:10.0.0.1", "::127.0.0.1"}) {
        EXPECT_FALSE(SocketAddress::of_literal({host, 1})->is_local()) << host;
    }
}

} // namespace
} // namespace spicykvm::spice
