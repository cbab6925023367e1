// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/ungrabber.h"

#include "input/realtime.h"

#include <algorithm>

namespace spicykvm::input {

namespace {

void wait(sem_t& semaphore) noexcept {
    while (::sem_wait(&semaphore) != 0) { // a signal
    }
}

} // namespace

Ungrabber::Ungrabber(unsigned helpers, int rt_priority, Now now) : now_(now) {
    ::sem_init(&wake_, 0, 0); // can't fail with these arguments
    ::sem_init(&done_, 0, 0);
    for (unsigned i = 0; i < helpers; ++i) {
        helpers_.emplace_back([this, rt_priority] { help(rt_priority); });
    }
}

Ungrabber::~Ungrabber() {
    finish();
    stop_.store(true, std::memory_order_release);
    wake(helpers_.size());
    for (std::thread& helper : helpers_) {
        helper.join();
    }
    ::sem_destroy(&done_);
    ::sem_destroy(&wake_);
}

void Ungrabber::wake(std::size_t helpers) noexcept {
    for (std::size_t i = 0; i < helpers; ++i) {
        ::sem_post(&wake_);
    }
}

void Ungrabber::start(std::span<InputNode* const> nodes) noexcept {
    finish();
    count_ = std::min(nodes.size(), nodes_.size());
    if (count_ == 0) {
        return;
    }
    std::reverse_copy(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(count_),
                      nodes_.begin());
    started_ = true;
    unfinished_.store(static_cast<unsigned>(count_), std::memory_order_relaxed);
    unclaimed_.store(static_cast<unsigned>(count_), std::memory_order_release);
    wake(std::min(helpers_.size(), count_));
}

TimePoint Ungrabber::finish() noexcept {
    if (!started_) {
        return {};
    }
    while (work_on_one()) {
    }
    wait(done_);
    started_ = false;
    return *std::max_element(begun_.begin(), begun_.begin() + static_cast<std::ptrdiff_t>(count_));
}

bool Ungrabber::work_on_one() noexcept {
    unsigned left = unclaimed_.load(std::memory_order_acquire);
    do {
        if (left == 0) {
            return false;
        }
    } while (!unclaimed_.compare_exchange_weak(left, left - 1, std::memory_order_acq_rel));
    const std::size_t mine = left - 1;
    begun_[mine] = now_();
    nodes_[mine]->ungrab(); // fails only when the device is gone: it is not grabbed then, either
    if (unfinished_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        ::sem_post(&done_);
    }
    return true;
}

void Ungrabber::help(int rt_priority) noexcept {
    prepare_thread("spicykvm-ungrab", rt_priority);
    for (;;) {
        wait(wake_);
        if (stop_.load(std::memory_order_acquire)) {
            return;
        }
        while (work_on_one()) {
        }
    }
}

} // namespace spicykvm::input
