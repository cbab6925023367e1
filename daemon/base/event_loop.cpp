// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/event_loop.h"

#include <cerrno>
#include <csignal>
#include <exception>
#include <sys/eventfd.h>
#include <system_error>
#include <systemd/sd-event.h>
#include <unistd.h>

namespace spicykvm {

namespace {

void check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), what);
    }
}

std::uint64_t to_usec(TimePoint time) {
    const auto since_boot =
        std::chrono::duration_cast<Microseconds>(time.time_since_epoch()).count();
    return since_boot < 0 ? 0 : static_cast<std::uint64_t>(since_boot);
}

} // namespace

/// What sd-event's userdata points at; it does not move. The callback is shared with the running
/// trampoline, so that a callback may drop its own source.
struct EventSource::State {
    sd_event_source* source = nullptr;
    std::shared_ptr<EventLoop::Callback> callback;
    std::shared_ptr<EventLoop::IoCallback> io_callback;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (source != nullptr) {
            sd_event_source_set_enabled(source, SD_EVENT_OFF);
            sd_event_source_set_userdata(source, nullptr);
            sd_event_source_unref(source);
        }
    }

    static int on_io(sd_event_source*, int, std::uint32_t revents, void* userdata) noexcept {
        if (userdata != nullptr) {
            const auto callback = static_cast<State*>(userdata)->io_callback;
            (*callback)(revents);
        }
        return 0;
    }
    static int on_time(sd_event_source*, std::uint64_t, void* userdata) noexcept {
        return call(userdata);
    }
    static int on_signal(sd_event_source*, const signalfd_siginfo*, void* userdata) noexcept {
        return call(userdata);
    }

  private:
    static int call(void* userdata) noexcept {
        if (userdata != nullptr) {
            const auto callback = static_cast<State*>(userdata)->callback;
            (*callback)();
        }
        return 0;
    }
};

EventSource::EventSource() noexcept = default;
EventSource::EventSource(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
EventSource::EventSource(EventSource&&) noexcept = default;
EventSource& EventSource::operator=(EventSource&&) noexcept = default;
EventSource::~EventSource() = default;

void EventSource::reset() noexcept {
    state_.reset();
}

void EventSource::set_events(std::uint32_t events) {
    if (state_) {
        check(sd_event_source_set_io_events(state_->source, events),
              "sd_event_source_set_io_events");
    }
}

EventLoop::EventLoop() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_.valid()) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
    check(sd_event_new(&event_), "sd_event_new");
    wake_source_ = add_io(wake_.get(), EPOLLIN, [this](std::uint32_t) { run_posted(); });
}

EventLoop::~EventLoop() {
    wake_source_.reset();
    sd_event_unref(event_);
}

EventSource EventLoop::add_io(int fd, std::uint32_t events, IoCallback callback) {
    auto state = std::make_unique<EventSource::State>();
    state->io_callback = std::make_shared<IoCallback>(std::move(callback));
    check(
        sd_event_add_io(event_, &state->source, fd, events, EventSource::State::on_io, state.get()),
        "sd_event_add_io");
    return EventSource(std::move(state));
}

EventSource EventLoop::add_signal(int signal_number, Callback callback) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    check(-pthread_sigmask(SIG_BLOCK, &set, nullptr), "pthread_sigmask");
    auto state = std::make_unique<EventSource::State>();
    state->callback = std::make_shared<Callback>(std::move(callback));
    check(sd_event_add_signal(event_, &state->source, signal_number, EventSource::State::on_signal,
                              state.get()),
          "sd_event_add_signal");
    return EventSource(std::move(state));
}

void EventLoop::defer(Callback callback) {
    post(std::move(callback));
}

void EventLoop::post(Callback callback) {
    {
        const std::lock_guard lock(posted_mutex_);
        posted_.push_back(std::move(callback));
    }
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the loop is awake anyway.
    (void)!::write(wake_.get(), &one, sizeof one);
}

void EventLoop::run_posted() {
    std::uint64_t count = 0;
    (void)!::read(wake_.get(), &count, sizeof count);
    std::deque<Callback> batch;
    {
        const std::lock_guard lock(posted_mutex_);
        batch.swap(posted_);
    }
    for (auto& callback : batch) {
        callback();
    }
}

int EventLoop::run() {
    const int code = sd_event_loop(event_);
    check(code, "sd_event_loop");
    return code;
}

void EventLoop::exit(int code) {
    check(sd_event_exit(event_, code), "sd_event_exit");
}

Timer::Timer(EventLoop& loop, EventLoop::Callback callback)
    : callback_(std::move(callback)), state_(std::make_unique<EventSource::State>()) {
    state_->callback = std::make_shared<EventLoop::Callback>([this] {
        armed_ = false;
        const auto own = callback_; // which may destroy the timer
        own();
    });
    // Accuracy 1 us: sd-event's default of 250 ms is for timers nobody waits for.
    check(sd_event_add_time(loop.raw(), &state_->source, CLOCK_MONOTONIC, UINT64_MAX, 1,
                            EventSource::State::on_time, state_.get()),
          "sd_event_add_time");
    check(sd_event_source_set_enabled(state_->source, SD_EVENT_OFF), "sd_event_source_set_enabled");
}

Timer::~Timer() = default;

void Timer::arm_at(TimePoint deadline) {
    check(sd_event_source_set_time(state_->source, to_usec(deadline)), "sd_event_source_set_time");
    check(sd_event_source_set_enabled(state_->source, SD_EVENT_ONESHOT),
          "sd_event_source_set_enabled");
    armed_ = true;
}

void Timer::arm_after(Microseconds delay) {
    arm_at(Clock::now() + delay);
}

void Timer::disarm() {
    check(sd_event_source_set_enabled(state_->source, SD_EVENT_OFF), "sd_event_source_set_enabled");
    armed_ = false;
}

} // namespace spicykvm
