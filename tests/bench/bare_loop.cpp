// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/bare_loop.h"

#include "bench/bare_batch.h"
#include "bench/threads.h"

#include <array>
#include <cstdint>
#include <future>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

void watch(int epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

} // namespace

BareLoop::BareLoop(Fd events, int socket, int rt_priority)
    : events_(std::move(events)), socket_(socket), stop_(::eventfd(0, EFD_CLOEXEC)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (const int fd : {events_.get(), socket_, stop_.get()}) {
        watch(epoll_.get(), fd);
    }
    std::promise<pid_t> id;
    thread_ = std::thread([&, rt_priority] {
        set_realtime(rt_priority);
        id.set_value(::gettid());
        run();
    });
    id_ = id.get_future().get();
}

BareLoop::~BareLoop() {
    const std::uint64_t one = 1;
    (void)!::write(stop_.get(), &one, sizeof one);
    thread_.join();
}

void BareLoop::run() {
    std::array<epoll_event, 4> ready;
    std::array<input_event, BareBatch::kEvents> events;
    std::array<std::uint8_t, 4096> ignored;
    BareBatch batch;
    for (;;) {
        const int count = ::epoll_wait(epoll_.get(), ready.data(), ready.size(), -1);
        for (int i = 0; i < count; ++i) {
            const int fd = ready[static_cast<std::size_t>(i)].data.fd;
            if (fd == stop_.get()) {
                return;
            }
            if (fd == socket_) {
                (void)::recv(fd, ignored.data(), ignored.size(), MSG_DONTWAIT);
                continue;
            }
            const ssize_t size = ::read(fd, events.data(), sizeof events);
            for (ssize_t at = 0; at < size; at += static_cast<ssize_t>(sizeof(input_event))) {
                batch.take(events[static_cast<std::size_t>(at) / sizeof(input_event)]);
            }
            const auto bytes = batch.finish();
            (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        }
    }
}

} // namespace spicykvm::bench
