// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"
#include "core/forwarder.h"
#include "input/guest_table.h"
#include "input/messages.h"
#include "input/node_table.h"
#include "input/ungrabber.h"

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

struct input_event;

namespace spicykvm::input {

/// All that happens on the input thread: waits for events of nodes, guests, commands and one timer,
/// feeds the core::Forwarder, grabs and lets go. It leaves by itself where the reason is seen here:
/// panic chord, hotkeys that go home, a guest lost or stalled, no keyboard left, the main loop's
/// lease missed. Between reading events and sending them nothing allocates, locks or logs.
///
///              enter: nothing to wait for, or neutral, or deadline
///     Inactive ------------------> Entering ------------------> Active
///        ^  ^------ failed, left -----'                            |
///        '------------------------- left --------------------------'
class Engine final : private core::ForwarderObserver {
  public:
    static TimePoint steady_now() noexcept { return Clock::now(); }

    struct Options {
        int rt_priority = 0;
        unsigned ungrab_helpers = 7; ///< with the thread itself, eight nodes come back at once
        NodeTable::Now now = steady_now;
    };

    Engine(ThreadLink& link, std::unique_ptr<ThreadConfig> config, Options options);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine();

    /// The thread's body: until command::Stop.
    void run();
    /// Waits for at most `timeout` (negative: for ever), then handles what came. False after Stop.
    bool run_once(Milliseconds timeout);

  private:
    /// How often the lease and the guest's acks are looked at while active, and the guest is asked
    /// for a sign of life.
    static constexpr Milliseconds kTick{250};
    static constexpr Milliseconds kProbeInterval{1000};

    enum class Phase : std::uint8_t { Inactive, Entering, Active };
    enum class Guest : std::uint8_t { Usable, Lost };
    /// What an epoll entry is about.
    enum class Source : std::uint32_t { Commands, Timer, Node, Guest };

    // engine.cpp: the loop, commands, time.
    void watch(int fd, Source source, std::size_t place, std::uint32_t events) noexcept;
    void unwatch(int fd) noexcept;
    void on_timer() noexcept;
    void handle_commands() noexcept;
    void handle(std::monostate, Cargo&) noexcept {}
    void handle(const command::AddNode& command, Cargo& cargo) noexcept;
    void handle(const command::RemoveNode& command, Cargo& cargo) noexcept;
    void handle(const command::PlanNode& command, Cargo& cargo) noexcept;
    void handle(const command::AddGuest& command, Cargo& cargo) noexcept;
    void handle(const command::RemoveGuest& command, Cargo& cargo) noexcept;
    void handle(const command::Enter& command, Cargo& cargo) noexcept;
    void handle(const command::Leave& command, Cargo& cargo) noexcept;
    void handle(const command::LendPointers& command, Cargo& cargo) noexcept;
    void handle(const command::Configure& command, Cargo& cargo) noexcept;
    void handle(const command::Stop& command, Cargo& cargo) noexcept;
    template <typename What>
    void report(What what, Cargo cargo = {}) noexcept {
        // A full mailbox means that the main loop hangs: the lease is missed then, too.
        (void)link_.reports.send(Report{std::move(what), std::move(cargo)});
    }
    void retire(std::unique_ptr<core::GuestInput> guest) noexcept;
    void on_time(TimePoint now) noexcept;
    void tick(TimePoint now) noexcept;
    void arm_timer() noexcept;
    [[nodiscard]] std::optional<TimePoint> next_deadline() const noexcept;
    [[nodiscard]] bool stopped(TimePoint now) noexcept;
    void beat(TimePoint now) noexcept;
    [[nodiscard]] TimePoint now() const noexcept { return options_.now(); }

    // engine_switch.cpp: there and back.
    void begin_entering(const command::Enter& command, GuestEntry& guest) noexcept;
    void change_guest(const command::Enter& command, GuestEntry& guest) noexcept;
    void choose_nodes() noexcept;
    [[nodiscard]] bool wanted(const NodeEntry& entry) noexcept;
    void advance_entering(TimePoint now) noexcept;
    void grab_chosen() noexcept;
    void fail_entering(report::EnterFailed::Cause cause, std::errc error = {}) noexcept;
    void start_forwarding(GuestEntry& guest) noexcept;
    void leave(core::LeaveReason reason, TimePoint decided, Guest guest = Guest::Usable) noexcept;
    TimePoint give_back_all() noexcept;
    void note_ungrab(Microseconds took) noexcept;
    void lend(bool lent) noexcept;
    std::errc take(core::DeviceSlot slot, NodeEntry& entry, core::EnterReport& result) noexcept;
    void take_late(core::DeviceSlot slot, NodeEntry& entry) noexcept;
    void take_group(std::uint32_t group) noexcept;
    void watch_hotkeys_only() noexcept;
    void refresh_masks() noexcept;
    void apply_mask(core::DeviceSlot slot, NodeEntry& entry) noexcept;
    [[nodiscard]] NodeMask desired_mask(core::DeviceSlot slot, const NodeEntry& entry) noexcept;
    void publish_grabs() noexcept;
    void show_leds(core::LedState leds) noexcept;

    // engine_events.cpp: what nodes, guests and the forwarder say.
    void on_node(core::DeviceSlot slot, std::uint32_t revents) noexcept;
    void on_events(core::DeviceSlot slot, NodeEntry& entry,
                   std::span<const input_event> events) noexcept;
    void on_event(core::DeviceSlot slot, NodeEntry& entry, const core::Event& event) noexcept;
    void resync(core::DeviceSlot slot, NodeEntry& entry) noexcept;
    void flush() noexcept;
    void publish_counters() noexcept;
    void remove_node(core::DeviceSlot slot, core::LeaveReason reason) noexcept;
    void on_guest(std::size_t place, std::uint32_t revents) noexcept;
    void watch_room(GuestEntry& entry) noexcept;
    std::unique_ptr<core::GuestInput> detach_guest(GuestEntry& entry, Guest state) noexcept;
    void lose_guest(GuestEntry& entry) noexcept;
    void on_guest_leds(GuestEntry& entry, core::LedState leds) noexcept;
    class GuestEar;

    void on_hotkey(const core::Hotkey& hotkey, bool begin) noexcept override;
    void on_panic_chord() noexcept override;
    void on_watch_all_keys(core::DeviceSlot device, bool all) noexcept override;

    ThreadLink& link_;
    std::unique_ptr<ThreadConfig> config_;
    Options options_;
    Fd epoll_;
    Fd timer_;
    std::optional<TimePoint> armed_; ///< when the timer goes off
    NodeTable nodes_;
    GuestTable guests_;
    core::Forwarder forwarder_;
    Ungrabber ungrabber_;

    Phase phase_ = Phase::Inactive;
    core::TargetId target_{};   ///< Entering, Active
    GuestEntry* fed_ = nullptr; ///< the one the forwarder was given last: active, or left
    std::uint32_t serial_ = 0;
    TimePoint asked_;
    TimePoint neutral_deadline_;             ///< Entering
    std::bitset<core::kMaxDevices> chosen_;  ///< Entering
    std::optional<TimePoint> next_tick_;     ///< Active
    TimePoint next_probe_;                   ///< Active
    std::optional<TimePoint> stop_deadline_; ///< after Stop

    core::DeviceSlot last_key_{}; ///< where a key was pressed last
    struct Origin {
        std::uint32_t group = 0;
        TimePoint time;
    };
    std::optional<Origin> hotkey_origin_;         ///< of the last hotkey that was reported
    std::optional<std::uint32_t> session_origin_; ///< the device that asked for this activation
    std::optional<std::uint32_t> joining_;        ///< a device that came into use while active
};

} // namespace spicykvm::input
