// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/relay.h"

#include "bench/threads.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <poll.h>
#include <spice/protocol.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace spicykvm::bench {

Relay::Relay(Fd client, Fd server, Milliseconds one_way)
    : client_(std::move(client)), server_(std::move(server)), stop_(::eventfd(0, EFD_CLOEXEC)),
      one_way_(one_way), up_{&client_, &server_, {}, {}}, down_{&server_, &client_, {}, {}} {
    for (const Fd* fd : {&client_, &server_}) {
        ::fcntl(fd->get(), F_SETFL, 0); // a full socket is waited for
    }
    thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
    const std::uint64_t one = 1;
    (void)!::write(stop_.get(), &one, sizeof one);
    thread_.join();
}

std::vector<unsigned> Relay::take_counts() {
    const std::lock_guard lock(mutex_);
    return std::exchange(counts_, {});
}

void Relay::run() {
    sleep_exactly();
    for (;;) {
        std::array<pollfd, 3> polled{
            {{client_.get(), POLLIN, 0}, {server_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
        ::poll(polled.data(), polled.size(), until_due());
        if (polled[2].revents != 0 || (polled[0].revents != 0 && !receive(up_)) ||
            (polled[1].revents != 0 && !receive(down_))) {
            return;
        }
        deliver(down_);
        deliver(up_);
    }
}

bool Relay::receive(Direction& direction) {
    std::vector<std::uint8_t> bytes(8192);
    const ssize_t size = ::recv(direction.from->get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (size <= 0) {
        return false;
    }
    bytes.resize(static_cast<std::size_t>(size));
    if (&direction == &up_) {
        ByteSpan rest(bytes);
        while (const auto message = direction.framer.next(rest)) {
            look_at(*message, true);
        }
    }
    direction.queue.push_back({Clock::now() + one_way_, std::move(bytes)});
    return true;
}

void Relay::deliver(Direction& direction) {
    while (!direction.queue.empty() && direction.queue.front().due <= Clock::now()) {
        const auto bytes = std::move(direction.queue.front().bytes);
        direction.queue.pop_front();
        (void)::send(direction.to->get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (&direction == &down_) {
            ByteSpan rest(bytes);
            while (const auto message = direction.framer.next(rest)) {
                look_at(*message, false);
            }
        }
    }
}

void Relay::look_at(const spice::Framer::Message& message, bool from_client) {
    if (!from_client) {
        if (message.type == SPICE_MSG_INPUTS_MOUSE_MOTION_ACK) {
            unacknowledged_ -= std::min(unacknowledged_, unsigned{SPICE_INPUT_MOTION_ACK_BUNCH});
        }
        return;
    }
    if (message.type == SPICE_MSGC_INPUTS_MOUSE_MOTION) {
        ++unacknowledged_;
    } else if (message.type == SPICE_MSGC_INPUTS_KEY_DOWN ||
               message.type == SPICE_MSGC_INPUTS_KEY_UP) {
        const std::lock_guard lock(mutex_);
        counts_.push_back(unacknowledged_);
    }
}

/// In milliseconds, rounded up; -1: nothing is under way.
int Relay::until_due() const {
    TimePoint next = TimePoint::max();
    for (const Direction* direction : {&up_, &down_}) {
        if (!direction->queue.empty()) {
            next = std::min(next, direction->queue.front().due);
        }
    }
    if (next == TimePoint::max()) {
        return -1;
    }
    const auto wait = std::chrono::ceil<Milliseconds>(next - Clock::now());
    return static_cast<int>(std::max<Milliseconds::rep>(wait.count(), 0));
}

} // namespace spicykvm::bench
