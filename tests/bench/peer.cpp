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

void Peer::expect(Stream stream, std::size_t count) {
    (void)complete_.pass(Milliseconds(0)); // of a block that was given up
    arrived_.assign(count, {});
    stream_ = stream;
    keys_ = 0;
    expected_.store(count, std::memory_order_release);
}

std::span<const TimePoint> Peer::wait(Milliseconds timeout) {
    (void)complete_.pass(timeout);
    expected_.store(0, std::memory_order_release);
    return arrived_;
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
                const auto dx = static_cast<std::int32_t>(reader.u32());
                const auto dy = static_cast<std::int32_t>(reader.u32());
                take_motions(dx, dy, now);
                acknowledge();
            } else if (message->type == SPICE_MSGC_INPUTS_KEY_DOWN ||
                       message->type == SPICE_MSGC_INPUTS_KEY_UP) {
                take_key(now);
            }
        }
    }
}

void Peer::take_motions(std::int64_t dx, std::int64_t dy, TimePoint now) {
    const std::int64_t sum = dy - dx * (dx - 1) / 2;
    if (stream_ == Stream::Motion && dx > 0 && sum >= 0 && sum % dx == 0) {
        mark(static_cast<std::size_t>(sum / dx), static_cast<std::size_t>(dx), now);
    }
}

void Peer::take_key(TimePoint now) {
    if (stream_ == Stream::Keys) {
        mark(keys_++, 1, now);
    }
}

void Peer::mark(std::size_t first, std::size_t count, TimePoint now) {
    const std::size_t expected = expected_.load(std::memory_order_acquire);
    const std::size_t last = std::min(first + count, expected);
    for (std::size_t i = first; i < last; ++i) {
        arrived_[i] = now;
    }
    if (first < last && last == expected) {
        complete_.open();
    }
}

void Peer::acknowledge() {
    if (++motions_ % SPICE_INPUT_MOTION_ACK_BUNCH == 0) {
        const std::array<std::uint8_t, 6> ack{SPICE_MSG_INPUTS_MOUSE_MOTION_ACK};
        (void)::send(socket_.get(), ack.data(), ack.size(), MSG_NOSIGNAL);
    }
}

} // namespace spicykvm::bench
