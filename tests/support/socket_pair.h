// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "support/wire.h"

#include <array>
#include <stdexcept>
#include <sys/socket.h>

namespace spicykvm::test {

/// Two connected, non-blocking stream sockets: one for the code under test, one to be its peer.
struct SocketPair {
    SocketPair() {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
            throw std::runtime_error("socketpair");
        }
        ours = Fd(ends[0]);
        peer = Fd(ends[1]);
        ours_number_ = ends[0];
    }

    /// As little room between the two as the kernel gives.
    void shrink() {
        const int smallest = 1;
        (void)::setsockopt(ours_number_, SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest);
    }

    /// Everything that has arrived at the peer.
    Bytes read_peer() {
        Bytes all;
        std::array<std::uint8_t, 4096> part;
        for (;;) {
            const ssize_t count = ::recv(peer.get(), part.data(), part.size(), MSG_DONTWAIT);
            if (count <= 0) {
                return all;
            }
            all.insert(all.end(), part.begin(), part.begin() + count);
        }
    }
    [[nodiscard]] bool peer_at_end() const {
        std::uint8_t byte = 0;
        return ::recv(peer.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }
    void write_peer(ByteSpan bytes) {
        if (::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size())) {
            throw std::runtime_error("send");
        }
    }

    Fd ours;
    Fd peer;

  private:
    int ours_number_ = -1;
};

} // namespace spicykvm::test
