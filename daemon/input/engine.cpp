// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/engine.h"

#include "input/realtime.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace spicykvm::input {

namespace {

constexpr std::uint64_t kPlaceBits = 32;

Fd checked(int fd, const char* what) {
    if (fd < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return Fd(fd);
}

timespec to_timespec(TimePoint time) noexcept {
    using std::chrono::duration_cast;
    const auto whole = duration_cast<std::chrono::nanoseconds>(time.time_since_epoch());
    const auto seconds = duration_cast<std::chrono::seconds>(whole);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((whole - seconds).count())};
}

} // namespace

Engine::Engine(ThreadLink& link, std::unique_ptr<ThreadConfig> config, Options options)
    : link_(link), config_(std::move(config)), options_(options),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(
          checked(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create")),
      nodes_(options.now), forwarder_(*this),
      ungrabber_(options.ungrab_helpers, options.rt_priority, options.now) {
    forwarder_.set_hotkeys(config_->hotkeys);
    watch(link_.commands.fd(), Source::Commands, 0, EPOLLIN);
    watch(timer_.get(), Source::Timer, 0, EPOLLIN);
}

Engine::~Engine() = default;

void Engine::watch(int fd, Source source, std::size_t place, std::uint32_t events) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.u64 = (static_cast<std::uint64_t>(source) << kPlaceBits) | place;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0 && errno == EEXIST) {
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
    }
}

void Engine::unwatch(int fd) noexcept {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void Engine::run() {
    report::Started started;
    started.scheduling = prepare_thread("spicykvm-input", options_.rt_priority);
    if (options_.rt_priority > 0) {
        started.memory = lock_memory();
    }
    report(started);
    while (run_once(Milliseconds(-1))) {
    }
}

bool Engine::run_once(Milliseconds timeout) {
    std::array<epoll_event, 16> ready;
    const int count = ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()),
                                   static_cast<int>(timeout.count()));
    input::count(link_.metrics.wakeups);
    bool commands = false;
    for (int i = 0; i < count; ++i) {
        const auto& event = ready[static_cast<std::size_t>(i)];
        const auto place = static_cast<std::uint32_t>(event.data.u64);
        switch (static_cast<Source>(event.data.u64 >> kPlaceBits)) {
        case Source::Node:
            on_node(static_cast<core::DeviceSlot>(place), event.events);
            break;
        case Source::Guest:
            on_guest(place, event.events);
            break;
        case Source::Commands:
            // Last: a place that a command fills anew may have an old event in this batch.
            commands = true;
            break;
        case Source::Timer:
            on_timer();
            break;
        }
    }
    if (commands) {
        handle_commands();
    }
    const TimePoint time = now();
    on_time(time);
    beat(time);
    arm_timer();
    return !stopped(time);
}

void Engine::on_timer() noexcept {
    std::uint64_t expirations = 0;
    (void)!::read(timer_.get(), &expirations, sizeof expirations);
    armed_.reset();
}

void Engine::handle_commands() noexcept {
    link_.commands.acknowledge();
    while (auto command = link_.commands.receive()) {
        std::visit([&](const auto& what) { handle(what, command->cargo); }, command->what);
    }
}

void Engine::handle(const command::AddNode& command, Cargo& cargo) noexcept {
    const int fd = cargo.node->fd();
    nodes_.add(command.slot, std::move(cargo.node), command.plan);
    watch(fd, Source::Node, index(command.slot), EPOLLIN);
    NodeEntry& entry = *nodes_.find(command.slot);
    chosen_.set(index(command.slot), phase_ == Phase::Entering && wanted(entry));
    apply_mask(command.slot, entry);
    if (wanted(entry)) {
        take_late(command.slot, entry);
    }
}

void Engine::handle(const command::RemoveNode& command, Cargo&) noexcept {
    remove_node(command.slot, command.reason);
}

void Engine::handle(const command::PlanNode& command, Cargo&) noexcept {
    if (NodeEntry* entry = nodes_.find(command.slot)) {
        entry->plan = command.plan;
        apply_mask(command.slot, *entry);
        if (wanted(*entry)) {
            take_late(command.slot, *entry);
        }
    }
}

void Engine::handle(const command::AddGuest& command, Cargo& cargo) noexcept {
    if (GuestEntry* earlier = guests_.find(command.target)) {
        retire(detach_guest(*earlier, Guest::Lost));
    }
    GuestEntry* entry = guests_.find_free();
    if (entry == nullptr) {
        return report(report::GuestLost{command.target, command.generation}, std::move(cargo));
    }
    *entry = {command.target, command.generation, std::move(cargo.guest), std::nullopt, false};
    watch(entry->guest->fd(), Source::Guest, guests_.place_of(*entry), EPOLLIN);
    watch_room(*entry);
}

void Engine::handle(const command::RemoveGuest& command, Cargo&) noexcept {
    if (GuestEntry* entry = guests_.find(command.target)) {
        retire(detach_guest(*entry, Guest::Usable));
    }
}

void Engine::handle(const command::Enter& command, Cargo&) noexcept {
    if (phase_ == Phase::Entering) {
        fail_entering(report::EnterFailed::Cause::Cancelled);
    }
    GuestEntry* guest = guests_.find(command.target);
    if (guest == nullptr) {
        count(link_.metrics.enters_failed);
        report(report::EnterFailed{command.serial, report::EnterFailed::Cause::NotConnected, {}});
    } else if (phase_ == Phase::Active) {
        change_guest(command, *guest);
    } else {
        begin_entering(command, *guest);
    }
}

void Engine::handle(const command::Leave& command, Cargo&) noexcept {
    leave(command.reason, command.asked);
}

void Engine::handle(const command::LendPointers& command, Cargo&) noexcept {
    lend(command.lent);
}

void Engine::handle(const command::Configure&, Cargo& cargo) noexcept {
    // The old table is used while it is replaced.
    forwarder_.set_hotkeys(cargo.config->hotkeys);
    std::swap(config_, cargo.config);
    report(report::Retired{}, std::move(cargo));
    refresh_masks();
    flush();
}

void Engine::handle(const command::Stop&, Cargo&) noexcept {
    const TimePoint time = now();
    if (phase_ != Phase::Inactive) {
        leave(core::LeaveReason::Shutdown, time);
    }
    stop_deadline_ = time + config_->release_deadline;
}

void Engine::retire(std::unique_ptr<core::GuestInput> guest) noexcept {
    report(report::Retired{}, Cargo{.node = nullptr, .guest = std::move(guest), .config = nullptr});
}

bool Engine::stopped(TimePoint now) noexcept {
    if (!stop_deadline_) {
        return false;
    }
    const bool owed = forwarder_.releasing() || (fed_ != nullptr && fed_->guest->pending());
    return !owed || now >= *stop_deadline_;
}

std::optional<TimePoint> Engine::next_deadline() const noexcept {
    std::optional<TimePoint> next = forwarder_.deadline();
    const auto include = [&next](TimePoint time) { next = next ? std::min(*next, time) : time; };
    if (phase_ == Phase::Entering) {
        include(neutral_deadline_);
    }
    if (next_tick_) {
        include(*next_tick_);
    }
    if (stop_deadline_) {
        include(*stop_deadline_);
    }
    return next;
}

/// A timer that goes off too early costs less than one set anew for every event.
void Engine::arm_timer() noexcept {
    const std::optional<TimePoint> next = next_deadline();
    if (next == armed_ || (next && armed_ && *armed_ < *next)) {
        return;
    }
    armed_ = next;
    itimerspec setting{}; // all zero: off
    if (next) {
        setting.it_value = to_timespec(std::max(*next, TimePoint(std::chrono::nanoseconds(1))));
    }
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &setting, nullptr);
}

void Engine::on_time(TimePoint now) noexcept {
    if (const auto due = forwarder_.deadline(); due && *due <= now) {
        forwarder_.on_deadline(now);
        flush();
    }
    if (phase_ == Phase::Entering) {
        advance_entering(now);
    }
    if (next_tick_ && *next_tick_ <= now) {
        next_tick_ = now + kTick;
        tick(now);
    }
}

void Engine::tick(TimePoint now) noexcept {
    const TimePoint renewed{TimePoint::duration(link_.lease.load(std::memory_order_relaxed))};
    if (now - renewed > config_->lease) {
        count(link_.metrics.leases_missed);
        return leave(core::LeaveReason::LeaseMissed, now);
    }
    const auto oldest = forwarder_.oldest_unacknowledged();
    if (config_->stall_timeout.count() > 0 && oldest && now - *oldest > config_->stall_timeout) {
        count(link_.metrics.stalls);
        return leave(core::LeaveReason::GuestStalled, now);
    }
    if (now >= next_probe_) {
        next_probe_ = now + kProbeInterval;
        forwarder_.probe(now);
        flush();
    }
}

void Engine::beat(TimePoint now) noexcept {
    const bool alive = phase_ == Phase::Active;
    link_.heartbeat.store(alive ? now.time_since_epoch().count() : 0, std::memory_order_relaxed);
}

} // namespace spicykvm::input
