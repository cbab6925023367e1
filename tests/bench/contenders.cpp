// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/contenders.h"

#include "bench/allocations.h"
#include "bench/stamps.h"
#include "bench/threads.h"
#include "spice/inputs_channel.h"

#include <stdexcept>
#include <sys/socket.h>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

std::pair<Fd, Fd> socket_pair() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::runtime_error("socketpair");
    }
    return {Fd(ends[0]), Fd(ends[1])};
}

} // namespace

Contender::Contender(const Settings& settings) : device_(make_device(settings.device)) {
    auto [ours, theirs] = socket_pair();
    socket_ = ours.get();
    peer_ = std::make_unique<Peer>(std::move(theirs), settings.peer_rt_priority);
    if (settings.kind == Kind::InputThread) {
        rig_ = std::make_unique<Rig>(device_->open_node(),
                                     std::make_unique<spice::InputsChannel>(std::move(ours)),
                                     settings.rt_priority);
        rig_->activate();
    } else {
        bare_socket_ = std::move(ours);
        bare_ = std::make_unique<BareLoop>(device_->open_bare(), socket_, settings.rt_priority);
    }
}

// The peer goes last: the input thread still says goodbye.
Contender::~Contender() {
    rig_.reset();
    bare_.reset();
}

Contender::Block Contender::run(Stream stream, unsigned per_second, std::size_t count) {
    sent_.assign(count, {});
    peer_->expect(stream, count);
    Block block;
    const Stamps stamps(events_fd(), socket_, count);
    const AllocationCount allocations(thread());
    inject(*device_, stream, per_second, sent_);
    const auto arrived = peer_->wait(500ms);
    block.allocations = allocations.get();
    if (rig_) {
        rig_->check();
    }
    block.there.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (arrived[i] == TimePoint{}) {
            ++block.lost;
        } else {
            block.there.add(arrived[i] - sent_[i]);
        }
    }
    block.usable = block.lost == 0 || stream == Stream::Motion;
    block.through = stamps.take();
    return block;
}

pid_t Contender::thread() const noexcept {
    return rig_ ? rig_->thread() : bare_->thread();
}

int Contender::events_fd() const noexcept {
    return rig_ ? rig_->events_fd() : bare_->events_fd();
}

} // namespace spicykvm::bench
