// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/bare_hops.h"

#include "bench/threads.h"

#include <array>
#include <cstdint>
#include <linux/input.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

void wake(const Fd& fd) noexcept {
    const std::uint64_t one = 1;
    (void)!::write(fd.get(), &one, sizeof one);
}

void wait_on(const Fd& fd) noexcept {
    std::uint64_t count = 0;
    (void)!::read(fd.get(), &count, sizeof count);
}

bool key_went_up(const Fd& fd) noexcept {
    std::array<input_event, 64> events;
    const ssize_t size = ::read(fd.get(), events.data(), sizeof events);
    bool up = false;
    for (std::size_t i = 0; static_cast<ssize_t>(i * sizeof events[0]) < size; ++i) {
        up = up || (events[i].type == EV_KEY && events[i].value == 0);
    }
    return up;
}

} // namespace

BareHops::BareHops(Fd events, int rt_priority)
    : events_(std::move(events)), first_(::eventfd(0, EFD_CLOEXEC)),
      second_(::eventfd(0, EFD_CLOEXEC)),
      first_thread_([this, rt_priority] { run_first(rt_priority); }),
      second_thread_([this] { run_second(); }) {}

BareHops::~BareHops() {
    stop_ = true;
    wake(first_);
    wake(second_);
    first_thread_.join();
    second_thread_.join();
}

BareHops::Times BareHops::wait() {
    if (!done_.pass(2s)) {
        throw std::runtime_error("an event did not come through");
    }
    return times_;
}

void BareHops::start_there() {
    wake(second_);
}

void BareHops::run_first(int rt_priority) {
    set_realtime(rt_priority);
    std::array<pollfd, 2> polled{{{events_.get(), POLLIN, 0}, {first_.get(), POLLIN, 0}}};
    while (::poll(polled.data(), polled.size(), -1) > 0 && !stop_) {
        if (polled[0].revents != 0 && key_went_up(events_)) {
            times_.read = Clock::now();
            wake(second_);
        }
        if (polled[1].revents != 0) {
            wait_on(first_);
            times_.back = Clock::now();
            done_.open();
        }
    }
}

void BareHops::run_second() {
    for (wait_on(second_); !stop_; wait_on(second_)) {
        times_.decided = Clock::now();
        wake(first_);
    }
}

} // namespace spicykvm::bench
