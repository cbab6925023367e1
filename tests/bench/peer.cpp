// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/peer.h"

#include "base/bytes.h"
#include "bench/threads.h"
#include "spice/framer.h"

#include <algorithm>
#include <array>
#include <spice/protocol.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace spicykvm::bench {

Peer::Peer(Fd socket, int rt_priority) : socket_(std::move(socket)) {
    thread_ = std::thread([this, rt_priority] { run(rt_priority); });
}

Peer::~Peer() {
    ::shutdown(socket_.get(), SHUT_RDWR);
    thread_.join();
}

void Peer::expect(std::size_t units) {
    (void)complete_.try_acquire(); // of a block that was given up
    arrived_.assign(units, {});
    used_.store(0);
    expected_.store(units, std::memory_order_release);
}

std::span<const TimePoint> Peer::wait(Milliseconds timeout) {
    (void)complete_.try_acquire_for(timeout);
    expected_.store(0, std::memory_order_release);
    return std::span(arrived_).first(
        std::min(used_.load(std::memory_order_acquire), arrived_.size()));
}

void Peer::run(int rt_priority) {
    ::prctl(PR_SET_NAME, "bench-peer");
    set_realtime(rt_priority);
    spice::Framer framer;
    std::array<std::uint8_t, 8192> buffer;
    for (;;) {
        const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        const TimePoint now = Clock::now();
        if (size <= 0) {
            return;
        }
        ByteSpan bytes = std::span(buffer).first(static_cast<std::size_t>(size));
        while (const auto message = framer.next(bytes)) {
            if (message->type == SPICE_MSGC_INPUTS_MOUSE_MOTION) {
                ByteReader reader(message->body);
                count(reader.u32(), now);
                acknowledge();
            } else if (message->type == SPICE_MSGC_INPUTS_KEY_DOWN ||
                       message->type == SPICE_MSGC_INPUTS_KEY_UP) {
                count(1, now);
            }
        }
    }
}

void Peer::count(std::size_t units, TimePoint now) {
    const std::size_t expected = expected_.load(std::memory_order_acquire);
    if (expected == 0) {
        return;
    }
    const std::size_t used = used_.load(std::memory_order_relaxed);
    const std::size_t last = std::min(used + units, expected);
    for (std::size_t i = used; i < last; ++i) {
        arrived_[i] = now;
    }
    used_.store(last, std::memory_order_release);
    if (last == expected && last > used) {
        complete_.release();
    }
}

void Peer::acknowledge() {
    if (++motions_ % SPICE_INPUT_MOTION_ACK_BUNCH == 0) {
        const std::array<std::uint8_t, 6> ack{SPICE_MSG_INPUTS_MOUSE_MOTION_ACK};
        (void)::send(socket_.get(), ack.data(), ack.size(), MSG_NOSIGNAL);
    }
}

} // namespace spicykvm::bench
