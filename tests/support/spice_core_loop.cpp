// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/spice_core_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <future>
#include <optional>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

using spicykvm::Clock;
using spicykvm::Milliseconds;
using spicykvm::TimePoint;
using spicykvm::test::SpiceCoreLoop;

namespace {

thread_local SpiceCoreLoop* current_loop = nullptr;

void check(bool good, const char* what) {
    if (!good) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

} // namespace

/// One-shot. Removed ones are freed between two rounds: libspice removes timers and watches from
/// inside their own callbacks.
struct SpiceTimer {
    SpiceTimerFunc function;
    void* opaque;
    std::optional<TimePoint> due;
    bool removed = false;

    static SpiceTimer* add(SpiceTimerFunc function, void* opaque) {
        auto& timers = current_loop->timers_;
        timers.push_back(
            std::make_unique<SpiceTimer>(SpiceTimer{function, opaque, std::nullopt, false}));
        return timers.back().get();
    }
    static void start(SpiceTimer* timer, std::uint32_t milliseconds) {
        timer->due = Clock::now() + Milliseconds(milliseconds);
    }
    static void cancel(SpiceTimer* timer) { timer->due.reset(); }
    static void remove(SpiceTimer* timer) {
        timer->due.reset();
        timer->removed = true;
    }
};

struct SpiceWatch {
    int epoll;
    int fd;
    int mask;
    SpiceWatchFunc function;
    void* opaque;
    bool polled = false;
    bool removed = false;

    static SpiceWatch* add(int fd, int mask, SpiceWatchFunc function, void* opaque) {
        auto& watches = current_loop->watches_;
        watches.push_back(std::make_unique<SpiceWatch>(
            SpiceWatch{current_loop->epoll_.get(), fd, 0, function, opaque}));
        update(watches.back().get(), mask);
        return watches.back().get();
    }

    /// With an empty mask not even EPOLLHUP may be reported, so the descriptor leaves the set.
    static void update(SpiceWatch* watch, int mask) {
        epoll_event event{};
        event.data.ptr = watch;
        event.events = ((mask & SPICE_WATCH_EVENT_READ) != 0 ? unsigned{EPOLLIN} : 0U) |
                       ((mask & SPICE_WATCH_EVENT_WRITE) != 0 ? unsigned{EPOLLOUT} : 0U);
        int operation = EPOLL_CTL_DEL;
        if (mask != 0) {
            operation = watch->polled ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
        }
        if (mask != 0 || watch->polled) {
            check(::epoll_ctl(watch->epoll, operation, watch->fd, &event) == 0, "epoll_ctl");
        }
        watch->mask = mask;
        watch->polled = mask != 0;
    }

    static void remove(SpiceWatch* watch) {
        update(watch, 0);
        watch->removed = true;
    }

    void call(std::uint32_t events) const {
        int happened = 0;
        if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
            happened |= SPICE_WATCH_EVENT_READ;
        }
        if ((events & EPOLLOUT) != 0) {
            happened |= SPICE_WATCH_EVENT_WRITE;
        }
        if (!removed && (happened & mask) != 0) {
            function(fd, happened & mask, opaque);
        }
    }
};

namespace spicykvm::test {

SpiceCoreLoop::SpiceCoreLoop(
    std::function<void(int event, const SpiceChannelEventInfo&)> on_channel_event)
    : on_channel_event_(std::move(on_channel_event)), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    core_.base = {SPICE_INTERFACE_CORE, "test", SPICE_INTERFACE_CORE_MAJOR,
                  SPICE_INTERFACE_CORE_MINOR};
    core_.timer_add = SpiceTimer::add;
    core_.timer_start = SpiceTimer::start;
    core_.timer_cancel = SpiceTimer::cancel;
    core_.timer_remove = SpiceTimer::remove;
    core_.watch_add = SpiceWatch::add;
    core_.watch_update_mask = SpiceWatch::update;
    core_.watch_remove = SpiceWatch::remove;
    core_.channel_event = [](int event, SpiceChannelEventInfo* info) {
        current_loop->on_channel_event_(event, *info);
    };
    epoll_event event{};
    event.events = EPOLLIN;
    check(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0, "epoll_ctl");
    thread_ = std::thread([this] { serve(); });
}

SpiceCoreLoop::~SpiceCoreLoop() {
    run([this] { stopping_ = true; });
    thread_.join();
}

void SpiceCoreLoop::post(std::function<void()> task) {
    {
        const std::lock_guard lock(tasks_mutex_);
        tasks_.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    check(::write(wake_.get(), &one, sizeof one) == sizeof one, "write eventfd");
}

void SpiceCoreLoop::run(const std::function<void()>& task) {
    std::packaged_task<void()> packaged(task);
    post([&] { packaged(); });
    packaged.get_future().get();
}

void SpiceCoreLoop::serve() {
    current_loop = this;
    // libspice writes to sockets without MSG_NOSIGNAL; whoever embeds it has to see to that.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (!stopping_) {
        dispatch(until_next_timer());
        fire_timers();
        std::erase_if(timers_, [](const auto& timer) { return timer->removed; });
        std::erase_if(watches_, [](const auto& watch) { return watch->removed; });
    }
}

void SpiceCoreLoop::dispatch(int timeout_ms) {
    std::array<epoll_event, 32> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), timeout_ms);
    check(count >= 0 || errno == EINTR, "epoll_wait");
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.ptr == nullptr) {
            run_tasks();
        } else {
            static_cast<const SpiceWatch*>(event.data.ptr)->call(event.events);
        }
    }
}

void SpiceCoreLoop::run_tasks() {
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    std::deque<std::function<void()>> tasks;
    {
        const std::lock_guard lock(tasks_mutex_);
        tasks.swap(tasks_);
    }
    for (const auto& task : tasks) {
        task();
    }
}

void SpiceCoreLoop::fire_timers() {
    const TimePoint now = Clock::now();
    // By index: a callback may add timers.
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        SpiceTimer& timer = *timers_[i];
        if (timer.due && *timer.due <= now) {
            timer.due.reset();
            timer.function(timer.opaque);
        }
    }
}

int SpiceCoreLoop::until_next_timer() const {
    std::optional<TimePoint> next;
    for (const auto& timer : timers_) {
        if (timer->due && (!next || *timer->due < *next)) {
            next = timer->due;
        }
    }
    if (!next) {
        return -1;
    }
    const auto wait = std::chrono::ceil<Milliseconds>(*next - Clock::now());
    return static_cast<int>(std::max<Milliseconds::rep>(wait.count(), 0));
}

} // namespace spicykvm::test
