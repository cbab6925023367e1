// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

struct sd_event;
struct sd_event_source;

namespace spicykvm {

/// A thing the loop watches. Dropping it removes the watch, also from inside its own callback.
class EventSource {
  public:
    EventSource() noexcept;
    EventSource(EventSource&&) noexcept;
    EventSource& operator=(EventSource&&) noexcept;
    ~EventSource();

    [[nodiscard]] bool active() const noexcept { return state_ != nullptr; }
    void reset() noexcept;
    /// For an I/O source: the EPOLL* events to wait for.
    void set_events(std::uint32_t events);

  private:
    friend class EventLoop;
    friend class Timer;
    struct State;
    explicit EventSource(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

/// The main loop, over sd-event. All functions but post() belong to the thread that runs it.
class EventLoop {
  public:
    using Callback = std::function<void()>;
    using IoCallback = std::function<void(std::uint32_t revents)>;

    EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    ~EventLoop();

    /// Watches `fd` (which must outlive the source) for the EPOLL* bits of `events`,
    /// level-triggered.
    [[nodiscard]] EventSource add_io(int fd, std::uint32_t events, IoCallback callback);
    /// Calls back for each `signal_number`, which is blocked in this thread (do it before starting
    /// others).
    [[nodiscard]] EventSource add_signal(int signal_number, Callback callback);

    /// Runs `callback` in a later turn of the loop. For callbacks that must not re-enter their
    /// caller.
    void defer(Callback callback);
    /// As defer(), from any thread.
    void post(Callback callback);

    /// Runs until exit() is called; returns its code.
    int run();
    void exit(int code);

    [[nodiscard]] sd_event* raw() noexcept { return event_; }

  private:
    friend class Timer;
    void run_posted();

    sd_event* event_ = nullptr;
    Fd wake_;
    EventSource wake_source_;
    std::mutex posted_mutex_;
    std::deque<Callback> posted_;
};

/// One-shot timer; may be armed again at any time, or destroyed, also from its own callback.
class Timer {
  public:
    Timer(EventLoop& loop, EventLoop::Callback callback);

    void arm_at(TimePoint deadline);
    void arm_after(Microseconds delay);
    void disarm();
    [[nodiscard]] bool armed() const noexcept { return armed_; }

  private:
    bool armed_ = false;
    EventLoop::Callback callback_;
    std::unique_ptr<EventSource::State> state_;

  public:
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();
};

} // namespace spicykvm
