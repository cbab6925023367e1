// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/channel_opener.h"

#include "spice/socket_io.h"
#include "spice/wipe.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/random.h>

namespace spicykvm::spice {

namespace {

Result<TicketSeed> fresh_seed() {
    TicketSeed seed;
    // So few bytes come whole, and no signal interrupts them (random(7)).
    if (::getrandom(seed.data(), seed.size(), 0) != static_cast<ssize_t>(seed.size())) {
        return fail_errno("get random bytes", errno);
    }
    return seed;
}

bool peer_is_gone(int error_number) {
    return error_number == EPIPE || error_number == ECONNRESET;
}

} // namespace

ChannelOpener::ChannelOpener(EventLoop& loop, const ConnectTarget& target, const Request& request,
                             const Password& password, Callback callback)
    : loop_(loop), target_(target), password_(password), request_(request),
      callback_(std::move(callback)),
      connector_(std::make_unique<Connector>(
          loop, target, [this](Result<Fd> connected) { on_connected(std::move(connected)); })) {}

Error ChannelOpener::timed_out(Milliseconds waited) {
    if (!link_) {
        return connector_->timed_out(waited);
    }
    link_->time_out(waited);
    return link_->error();
}

void ChannelOpener::on_connected(Result<Fd> connected) {
    if (!connected) {
        return finish(Failure(std::move(connected.error())));
    }
    auto seed = fresh_seed();
    if (!seed) {
        return finish(Failure(std::move(seed.error())));
    }
    socket_ = std::move(*connected);
    link_.emplace(request_.hello, target_.address, password_, *seed, request_.goal);
    wipe(*seed);
    source_ =
        loop_.add_io(socket_.get(), EPOLLIN | EPOLLOUT, [this](std::uint32_t) { on_ready(); });
}

void ChannelOpener::on_ready() {
    receive();
    send();
    switch (link_->stage()) {
    case Link::Stage::Linked:
        return finish(Opened{std::move(socket_), link_->capabilities()});
    case Link::Stage::Failed:
        return finish(Failure(link_->error()));
    default:
        source_.set_events(link_->out().empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
    }
}

void ChannelOpener::receive() {
    std::array<std::uint8_t, LinkReply::kMaxSize> buffer;
    while (link_->wanted() > 0) {
        const Received received =
            receive_some(socket_.get(), std::span(buffer).first(link_->wanted()));
        switch (received.result.state) {
        case IoState::Blocked:
            return;
        case IoState::Closed:
            return link_->end_of_stream();
        case IoState::Failed:
            return peer_is_gone(received.result.error_number)
                       ? link_->end_of_stream()
                       : link_->socket_failed(received.result.error_number);
        case IoState::Done:
            link_->receive(received.bytes);
        }
    }
}

void ChannelOpener::send() {
    OutBuffer& out = link_->out();
    const IoResult sent = send_pending(socket_.get(), out);
    if (sent.state != IoState::Failed) {
        return;
    }
    if (peer_is_gone(sent.error_number)) {
        // What it said before it went is still to be received.
        out.consume(out.pending().size());
    } else {
        link_->socket_failed(sent.error_number);
    }
}

void ChannelOpener::finish(Result<Opened> result) {
    source_.reset();
    const auto callback = std::move(callback_);
    callback(std::move(result));
}

} // namespace spicykvm::spice
