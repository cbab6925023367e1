// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/connector.h"
#include "support/run_until.h"
#include "support/socket_folder.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/un.h>
#include <unistd.h>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;

Fd listen_on(const SocketAddress& address) {
    Fd socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(socket.get(), address.get(), address.size()), 0) << std::strerror(errno);
    EXPECT_EQ(::listen(socket.get(), 4), 0);
    return socket;
}

std::uint16_t port_of(const Fd& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
}

int option(const Fd& socket, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    (void)::getsockopt(socket.get(), level, name, &value, &size);
    return value;
}

class ConnectorTest : public testing::Test {
  protected:
    const Result<Fd>& connect(const Endpoint& endpoint) {
        target_.endpoint = endpoint;
        target_.address = to_string(endpoint);
        connector_.emplace(loop_, target_, [this](Result<Fd> result) {
            answer_.emplace(std::move(result));
            connector_.reset();
        });
        EXPECT_FALSE(answer_) << "not from inside the constructor";
        EXPECT_TRUE(test::run_until(loop_, [&] { return answer_.has_value(); }));
        return *answer_;
    }

    EventLoop loop_;
    ConnectTarget target_;
    test::SocketFolder folder_;
    std::optional<Result<Fd>> answer_;
    std::optional<Connector> connector_;
};

TEST_F(ConnectorTest, TcpSocketsAreQuickAndNoticeADeadNetwork) {
    const Fd listener = listen_on(*SocketAddress::of_literal({"127.0.0.1", 0}));
    const auto& connected = connect(TcpEndpoint{"127.0.0.1", port_of(listener)});
    ASSERT_TRUE(connected) << connected.error().message;
    EXPECT_EQ(option(*connected, IPPROTO_TCP, TCP_NODELAY), 1);
    EXPECT_EQ(option(*connected, IPPROTO_TCP, TCP_USER_TIMEOUT), 5'000);
    EXPECT_EQ(option(*connected, SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option(*connected, IPPROTO_TCP, TCP_KEEPIDLE), 30);
    EXPECT_EQ(option(*connected, IPPROTO_TCP, TCP_KEEPINTVL), 15);
    EXPECT_EQ(option(*connected, IPPROTO_TCP, TCP_KEEPCNT), 3);
    EXPECT_EQ(option(*connected, SOL_SOCKET, SO_PRIORITY), 6);
}

TEST_F(ConnectorTest, SocketsAreNonBlockingAndNotInherited) {
    const Fd listener = listen_on(SocketAddress::of(UnixEndpoint{folder_.socket()}));
    const auto& connected = connect(UnixEndpoint{folder_.socket()});
    ASSERT_TRUE(connected);
    EXPECT_NE(::fcntl(connected->get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(connected->get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ConnectorTest, AbstractNamesAreConnectedTo) {
    const UnixEndpoint endpoint{"@spicykvm-connector-test-" + std::to_string(::getpid())};
    const Fd listener = listen_on(SocketAddress::of(endpoint));
    EXPECT_TRUE(connect(endpoint));
}

TEST_F(ConnectorTest, TheNextAddressOfAHostIsTried) {
    // "localhost" is ::1 first where there is IPv6; nothing listens there.
    const Fd listener = listen_on(*SocketAddress::of_literal({"127.0.0.1", 0}));
    EXPECT_TRUE(connect(TcpEndpoint{"localhost", port_of(listener)}));
}

TEST_F(ConnectorTest, NobodyListeningIsUnreachable) {
    std::uint16_t port = 0;
    {
        const Fd listener = listen_on(*SocketAddress::of_literal({"127.0.0.1", 0}));
        port = port_of(listener);
    }
    const auto& refused = connect(TcpEndpoint{"127.0.0.1", port});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (Error{ErrorCode::Unreachable,
                                      "connect to spice://127.0.0.1:" + std::to_string(port) +
                                          ": nothing listens there; is the VM running?"}));
}

TEST_F(ConnectorTest, AMissingSocketIsUnreachable) {
    EXPECT_EQ(connect(UnixEndpoint{folder_.socket()}).error().code, ErrorCode::Unreachable);
}

TEST_F(ConnectorTest, ASocketNobodyListensOnAnyMoreIsUnreachable) {
    { const Fd listener = listen_on(SocketAddress::of(UnixEndpoint{folder_.socket()})); }
    EXPECT_EQ(connect(UnixEndpoint{folder_.socket()}).error().code, ErrorCode::Unreachable);
}

TEST_F(ConnectorTest, AFullQueueIsBusy) {
    const Fd listener = listen_on(SocketAddress::of(UnixEndpoint{folder_.socket()}));
    ASSERT_EQ(::listen(listener.get(), 0), 0);
    ASSERT_TRUE(connect(UnixEndpoint{folder_.socket()}));
    const Fd first = std::move(**answer_);
    answer_.reset();
    EXPECT_EQ(connect(UnixEndpoint{folder_.socket()}).error().code, ErrorCode::Busy);
}

TEST_F(ConnectorTest, AnUnknownHostIsUnreachable) {
    const auto& unknown = connect(TcpEndpoint{"no-such-host.invalid", 5900});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::Unreachable);
}

TEST_F(ConnectorTest, OtherHostsAreRefusedUnlessAllowed) {
    for (const char* host : {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"}) {
        answer_.reset();
        const auto& refused = connect(TcpEndpoint{host, 5900});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::InvalidArgument) << host;
    }
}

TEST(CheckPlainTcp, KnowsOnlyWhatNeedsNoLookup) {
    EXPECT_FALSE(check_plain_tcp(TcpEndpoint{"192.0.2.1", 5900}, false));
    EXPECT_TRUE(check_plain_tcp(TcpEndpoint{"192.0.2.1", 5900}, true));
    EXPECT_TRUE(check_plain_tcp(TcpEndpoint{"::1", 5900}, false));
    EXPECT_TRUE(check_plain_tcp(TcpEndpoint{"a-name", 5900}, false));
    EXPECT_TRUE(check_plain_tcp(UnixEndpoint{"/run/spice"}, false));
}

TEST_F(ConnectorTest, TheOwnerOfAUnixSocketIsChecked) {
    const Fd listener = listen_on(SocketAddress::of(UnixEndpoint{folder_.socket()}));
    target_.peer_uid = ::getuid();
    EXPECT_TRUE(connect(UnixEndpoint{folder_.socket()}));
    answer_.reset();
    target_.peer_uid = ::getuid() + 1;
    EXPECT_EQ(connect(UnixEndpoint{folder_.socket()}).error().code, ErrorCode::WrongPeer);
}

TEST_F(ConnectorTest, GivingUpNamesWhatWasWaitedFor) {
    target_.address = "spice://vm:5900";
    target_.endpoint = TcpEndpoint{"vm", 5900};
    const Connector connector(loop_, target_, [](const Result<Fd>&) {});
    EXPECT_EQ(connector.timed_out(50ms),
              (Error{ErrorCode::Timeout, "connect to spice://vm:5900: no answer in 50 ms"}));
}

} // namespace
} // namespace spicykvm::spice
