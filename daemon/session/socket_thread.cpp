// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/socket_thread.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace spicykvm::session {

SocketThread::SocketThread(EventLoop& loop, Fd socket, SocketUser& user, Callbacks callbacks)
    : user_(user), callbacks_(std::move(callbacks)), socket_(std::move(socket)),
      source_(loop.add_io(event_.get(), EPOLLIN, [this](std::uint32_t) { on_event(); })),
      thread_([this] { run(); }) {
    (void)::pthread_setname_np(thread_.native_handle(), "spice-sound");
}

SocketThread::~SocketThread() {
    stop_.signal();
    thread_.join();
    (void)::shutdown(socket_.get(), SHUT_RDWR);
}

void SocketThread::run() noexcept {
    do {
        if (!receive()) {
            break;
        }
        if (user_.turn(Clock::now())) {
            event_.signal();
        }
    } while (flush() && wait());
    ended_.store(true, std::memory_order_release);
    event_.signal();
}

/// For something to do. False: to end.
bool SocketThread::wait() noexcept {
    const auto interest = static_cast<short>(user_.out().empty() ? POLLIN : POLLIN | POLLOUT);
    std::array<pollfd, 3> waits{
        {{socket_.get(), interest, 0}, {wake_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    while (::poll(waits.data(), waits.size(), -1) < 0) {
        if (errno != EINTR) {
            return fail(ErrorCode::Failed, "poll failed");
        }
    }
    if (waits[1].revents != 0) {
        wake_.clear();
    }
    return waits[2].revents == 0;
}

bool SocketThread::receive() noexcept {
    // So that a peer that never stops does not keep the thread from ending.
    constexpr int kReads = 64;
    std::array<std::uint8_t, 16 * 1024> buffer;
    for (int i = 0; i < kReads; ++i) {
        const auto received = spice::receive_some(socket_.get(), buffer);
        const TimePoint arrival = Clock::now();
        switch (received.result.state) {
        case spice::IoState::Blocked:
            user_.drained();
            return true;
        case spice::IoState::Closed:
        case spice::IoState::Failed:
            return lose(received.result);
        case spice::IoState::Done:
            break;
        }
        if (!user_.receive(received.bytes, arrival)) {
            return fail(ErrorCode::Protocol, "the VM sent " + std::string(user_.error()));
        }
    }
    wake_.signal();
    return true;
}

bool SocketThread::flush() noexcept {
    if (user_.out().overflowed()) {
        return fail(ErrorCode::Timeout, "the VM takes no answers");
    }
    const auto result = spice::send_pending(socket_.get(), user_.out());
    if (result.state == spice::IoState::Failed) {
        return lose(result);
    }
    return true;
}

bool SocketThread::lose(const spice::IoResult& result) noexcept {
    const int number = result.error_number;
    // A peer that ends before it has read all that was sent resets the connection.
    if (result.state == spice::IoState::Closed || number == ECONNRESET || number == EPIPE) {
        return fail(ErrorCode::Disconnected, "the VM closed it");
    }
    return fail(code_from_errno(number), "the connection is lost");
}

bool SocketThread::fail(ErrorCode code, std::string_view cause) noexcept {
    error_ = {code, std::string(cause)};
    return false;
}

void SocketThread::on_event() {
    event_.clear();
    const Callbacks callbacks = callbacks_; // which may destroy this
    if (!ended_.load(std::memory_order_acquire)) {
        callbacks.changed();
        return;
    }
    const Error error = error_;
    source_.reset();
    callbacks.ended(error);
}

} // namespace spicykvm::session
