// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/main_channel.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>

namespace spicykvm::spice {

MainChannel::MainChannel(EventLoop& loop, Fd socket, std::string address,
                         MainChannelObserver& observer)
    : address_(std::move(address)), observer_(observer), reader_(out_, observer),
      socket_(std::move(socket)),
      source_(loop.add_io(socket_.get(), EPOLLIN,
                          [this](std::uint32_t events) { on_ready(events); })) {}

void MainChannel::attach_channels() {
    out_.append(encode_attach_channels());
    flush();
}

void MainChannel::request_mouse_mode(std::uint16_t mode) {
    out_.append(encode_mouse_mode_request(mode));
    flush();
}

void MainChannel::close() noexcept {
    source_.reset();
    socket_.reset();
}

void MainChannel::on_ready(std::uint32_t events) {
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        receive();
    }
    flush();
}

/// Once a turn of the loop: the bandwidth ping of 256 000 bytes must not keep others waiting.
void MainChannel::receive() {
    std::array<std::uint8_t, 32 * 1024> buffer;
    const Received received = receive_some(socket_.get(), buffer);
    switch (received.result.state) {
    case IoState::Blocked:
        return;
    case IoState::Closed:
        return end(ConnectionEnd::Kind::Closed, ErrorCode::Disconnected,
                   "the server closed the connection");
    case IoState::Failed:
        return socket_failed(received.result);
    case IoState::Done:
        break;
    }
    if (!reader_.feed(received.bytes)) {
        end(ConnectionEnd::Kind::Broken, ErrorCode::Protocol, reader_.error());
    }
}

void MainChannel::flush() {
    if (!socket_.valid()) {
        return;
    }
    if (out_.overflowed()) {
        return end(ConnectionEnd::Kind::Broken, ErrorCode::Protocol,
                   "the server asks but takes no answer");
    }
    const IoResult sent = send_pending(socket_.get(), out_);
    if (sent.state == IoState::Failed) {
        return socket_failed(sent);
    }
    source_.set_events(out_.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

void MainChannel::socket_failed(const IoResult& result) {
    const int number = result.error_number;
    // A server that goes with bytes unread resets the connection; that is no failure of a network.
    const bool closed = number == ECONNRESET || number == EPIPE;
    end(closed ? ConnectionEnd::Kind::Closed : ConnectionEnd::Kind::Network,
        code_from_errno(number), std::generic_category().message(number));
}

void MainChannel::end(ConnectionEnd::Kind kind, ErrorCode code, std::string_view cause) {
    if (!socket_.valid()) {
        return;
    }
    close();
    observer_.on_main_ended(
        {kind, Error{code, "main channel of " + address_ + ": " + std::string(cause)}});
}

} // namespace spicykvm::spice
