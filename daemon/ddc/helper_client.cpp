// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper_client.h"

#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <utility>

namespace spicykvm::ddc {

namespace {

/// Takes the exit code of a helper that has ended.
void reap(int pidfd) noexcept {
    siginfo_t info{};
    (void)::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | WNOHANG);
}

} // namespace

HelperClient::HelperClient(EventLoop& loop, HelperCommand command)
    : loop_(loop), command_(std::move(command)), send_soon_(loop, [this] { send_next(); }),
      deadline_timer_(loop, [this] { on_deadline(); }) {}

HelperClient::~HelperClient() {
    // An idle one ends when its socket is closed; one that hangs must not be left behind.
    if (helper_ && in_flight_) {
        helper_->kill();
    }
}

Result<void> HelperClient::start() {
    if (helper_) {
        return {};
    }
    if (leaving_.size() >= max_hanging_) {
        return fail(ErrorCode::Busy, std::to_string(leaving_.size()) +
                                         " helpers hang in the kernel's I2C driver; monitors can "
                                         "be switched again after they end, or after a reboot");
    }
    auto process = HelperProcess::start(command_);
    if (!process) {
        return Failure(process.error());
    }
    helper_ = std::move(*process);
    socket_source_ =
        loop_.add_io(helper_->socket.get(), EPOLLIN, [this](std::uint32_t) { on_readable(); });
    return {};
}

void HelperClient::send(Request request, Done done) {
    request.serial = ++serial_;
    queue_.push_back({request, std::move(done)});
    if (!in_flight_) {
        send_soon_.arm_after(Microseconds(0));
    }
}

void HelperClient::send_next() {
    if (in_flight_ || queue_.empty()) {
        return;
    }
    in_flight_ = true;
    is_second_try_ = false;
    if (const auto sent = send_to_helper(queue_.front().request); !sent) {
        answer(Failure(sent.error()));
        return;
    }
    deadline_timer_.arm_after(deadline_);
}

Result<void> HelperClient::send_to_helper(const Request& request) {
    const auto bytes = request.encode();
    // Twice: one that has ended meanwhile is noticed by the first.
    for (int attempt = 0;; ++attempt) {
        if (auto started = start(); !started) {
            return started;
        }
        const ssize_t sent =
            ::send(helper_->socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent == static_cast<ssize_t>(bytes.size())) {
            return {};
        }
        const int error = errno;
        retire();
        if (attempt == 1) {
            return fail_errno("send to " + command_.path, error);
        }
    }
}

void HelperClient::on_readable() {
    std::array<std::uint8_t, Reply::kSize + 1> buffer{};
    const ssize_t size = ::recv(helper_->socket.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (size <= 0) {
        retire();
        if (in_flight_) {
            answer(fail(ErrorCode::Disconnected, command_.path + " ended before its answer"));
        }
        return;
    }
    auto reply = Reply::decode(ByteSpan(buffer).first(static_cast<std::size_t>(size)));
    if (!reply || !in_flight_ || reply->serial != queue_.front().request.serial) {
        retire();
        if (in_flight_) {
            answer(fail(ErrorCode::Protocol, command_.path + " sent what is no answer"));
        }
        return;
    }
    on_reply(std::move(*reply));
}

void HelperClient::on_reply(Reply reply) {
    const bool is_stale = reply.status == Status::OpenFailed && reply.error_number == ESTALE;
    if (!is_stale || std::exchange(is_second_try_, true)) {
        answer(std::move(reply));
        return;
    }
    // The bus came after the helper, which can open none but those that it found at its start.
    retire();
    if (const auto sent = send_to_helper(queue_.front().request); !sent) {
        answer(Failure(sent.error()));
    }
}

void HelperClient::on_deadline() {
    retire();
    const Request& request = queue_.front().request;
    const std::string what = request.operation == Operation::Display
                                 ? "the list of connectors"
                                 : "i2c-" + std::to_string(static_cast<unsigned>(request.bus));
    answer(fail(ErrorCode::Timeout, what + ": the kernel did not answer in time"));
}

void HelperClient::retire() {
    if (!helper_) {
        return;
    }
    socket_source_.reset();
    helper_->kill();
    const auto leaving = leaving_.insert(leaving_.end(), {std::move(helper_->pidfd), {}});
    leaving->source = loop_.add_io(leaving->pidfd.get(), EPOLLIN, [this, leaving](std::uint32_t) {
        reap(leaving->pidfd.get());
        leaving_.erase(leaving);
    });
    helper_.reset();
}

void HelperClient::answer(Result<Reply> reply) {
    deadline_timer_.disarm();
    const Done done = std::move(queue_.front().done);
    queue_.pop_front();
    in_flight_ = false;
    if (!queue_.empty()) {
        send_soon_.arm_after(Microseconds(0));
    }
    done(std::move(reply)); // last: it may destroy this
}

} // namespace spicykvm::ddc
