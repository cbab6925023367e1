// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/connector.h"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace spicykvm::spice {

namespace {

using namespace std::chrono_literals;

void set_option(const Fd& socket, int level, int name, int value) {
    // Each of them only makes things better; the connection works without.
    (void)::setsockopt(socket.get(), level, name, &value, sizeof value);
}

/// Before connect(), so that they hold for the first byte.
void configure_tcp(const Fd& socket) {
    // Without, a key waits for the acknowledgement of the motion before it: 21 ms at the median on
    // loopback (measured).
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    // A dead network is noticed after 5 s while something is sent, and after 75 s otherwise: the
    // SPICE server itself pings main only, and notices after 30 s at the earliest. No longer: TCP
    // itself tries again at ever longer intervals, and until then a key may be down in the guest
    // whose release is on its way; a new connection makes the server release it at once.
    set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 5'000);
    set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
    // Interactive, as far as the queues of this machine go; more needs privileges.
    set_option(socket, SOL_SOCKET, SO_PRIORITY, 6);
}

Failure connect_failure(const std::string& address, int error_number) {
    const std::string what = "connect to " + address;
    switch (error_number) {
    case ECONNREFUSED:
    case ENOENT:
        return fail(ErrorCode::Unreachable, what + ": nothing listens there; is the VM running?");
    case EAGAIN:
        return fail(ErrorCode::Busy, what + ": too many connections wait for the server");
    default:
        return fail_errno(what, error_number);
    }
}

Failure refused_plain_tcp(const std::string& what) {
    return fail(ErrorCode::InvalidArgument,
                what + ": refused: plain TCP shows every key to the network between; use a unix "
                       "socket or a tunnel, or allow it with insecure = true");
}

/// Whether the other end of a unix socket may be who it is.
Result<void> check_peer(const Fd& socket, const ConnectTarget& target) {
    if (!target.peer_uid || !std::holds_alternative<UnixEndpoint>(target.endpoint)) {
        return {};
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return fail_errno("ask who owns " + target.address, errno);
    }
    if (peer.uid != *target.peer_uid) {
        return fail(ErrorCode::WrongPeer,
                    "connect to " + target.address + ": the socket belongs to user " +
                        std::to_string(peer.uid) + ", not " + std::to_string(*target.peer_uid));
    }
    return {};
}

} // namespace

Result<void> check_plain_tcp(const Endpoint& endpoint, bool insecure) {
    const auto* const remote = std::get_if<TcpEndpoint>(&endpoint);
    const auto literal = remote != nullptr ? SocketAddress::of_literal(*remote) : std::nullopt;
    if (literal && !literal->is_local() && !insecure) {
        return refused_plain_tcp(to_string(endpoint));
    }
    return {};
}

Connector::Connector(EventLoop& loop, const ConnectTarget& target, Callback callback)
    : loop_(loop), target_(target), callback_(std::move(callback)),
      start_(loop, [this] { begin(); }) {
    start_.arm_after(0us);
}

Error Connector::timed_out(Milliseconds waited) const {
    const std::string what = resolver_ ? "look up the host of " : "connect to ";
    return {ErrorCode::Timeout,
            what + target_.address + ": no answer in " + std::to_string(waited.count()) + " ms"};
}

void Connector::begin() {
    if (const auto* local = std::get_if<UnixEndpoint>(&target_.endpoint)) {
        return use({SocketAddress::of(*local)});
    }
    const auto& remote = std::get<TcpEndpoint>(target_.endpoint);
    if (const auto literal = SocketAddress::of_literal(remote)) {
        return use({*literal});
    }
    resolver_ = std::make_unique<Resolver>(loop_, remote, [this](auto addresses) {
        resolver_.reset();
        if (addresses) {
            use(std::move(*addresses));
        } else {
            finish(Failure(std::move(addresses.error())));
        }
    });
}

void Connector::use(Resolver::Addresses addresses) {
    if (!target_.insecure) {
        std::erase_if(addresses, [](const auto& address) { return !address.is_local(); });
        if (addresses.empty()) {
            return finish(refused_plain_tcp("connect to " + target_.address));
        }
    }
    std::ranges::reverse(addresses);
    addresses_ = std::move(addresses);
    try_next();
}

void Connector::try_next() {
    while (!addresses_.empty()) {
        const SocketAddress address = addresses_.back();
        addresses_.pop_back();
        if (try_one(address)) {
            return;
        }
    }
    finish(connect_failure(target_.address, last_error_));
}

/// True: connected or under way.
bool Connector::try_one(const SocketAddress& address) {
    socket_ = Fd(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket_.valid()) {
        last_error_ = errno;
        return false;
    }
    if (address.family() != AF_UNIX) {
        configure_tcp(socket_);
    }
    if (::connect(socket_.get(), address.get(), address.size()) == 0) {
        connected();
        return true;
    }
    last_error_ = errno;
    if (last_error_ != EINPROGRESS && last_error_ != EINTR) {
        return false;
    }
    source_ = loop_.add_io(socket_.get(), EPOLLOUT, [this](std::uint32_t) { on_writable(); });
    return true;
}

void Connector::on_writable() {
    source_.reset();
    socklen_t size = sizeof last_error_;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &last_error_, &size) != 0) {
        last_error_ = errno;
    }
    if (last_error_ == 0) {
        connected();
    } else {
        try_next();
    }
}

void Connector::connected() {
    if (auto checked = check_peer(socket_, target_); !checked) {
        return finish(Failure(std::move(checked.error())));
    }
    finish(std::move(socket_));
}

void Connector::finish(Result<Fd> result) {
    const auto callback = std::move(callback_);
    callback(std::move(result));
}

} // namespace spicykvm::spice
