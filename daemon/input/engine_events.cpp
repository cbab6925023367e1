// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/engine.h"

#include <array>
#include <cerrno>
#include <linux/input.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>

// Engine: what comes from nodes, guests and the forwarder.
namespace spicykvm::input {

namespace {

/// As many as one read() takes; the kernel keeps at least 64 for us.
constexpr std::size_t kMaxEvents = 64;

core::Event to_event(const input_event& raw) noexcept {
    return {.time = TimePoint(std::chrono::seconds(raw.input_event_sec) +
                              Microseconds(raw.input_event_usec)),
            .type = raw.type,
            .code = raw.code,
            .value = raw.value};
}

} // namespace

/// One guest's messages: only the one that has keyboard and mouse matters to the forwarder.
class Engine::GuestEar final : public core::GuestInputObserver {
  public:
    GuestEar(Engine& engine, GuestEntry& entry) noexcept : engine_(engine), entry_(entry) {}

    void on_motion_ack(unsigned count) noexcept override {
        if (&entry_ == engine_.fed_) {
            engine_.forwarder_.on_motion_ack(count, engine_.now());
        }
    }
    void on_leds(core::LedState leds) noexcept override { engine_.on_guest_leds(entry_, leds); }

  private:
    Engine& engine_;
    GuestEntry& entry_;
};

void Engine::on_node(core::DeviceSlot slot, std::uint32_t revents) noexcept {
    NodeEntry* const entry = nodes_.find(slot);
    if (entry == nullptr) {
        return; // removed earlier in the same turn
    }
    std::array<input_event, kMaxEvents> events; // NOLINT: read() fills it
    const ssize_t size = ::read(entry->node->fd(), events.data(), sizeof events);
    if (size >= static_cast<ssize_t>(sizeof(input_event))) {
        const auto whole = static_cast<std::size_t>(size) / sizeof(input_event);
        return on_events(slot, *entry, std::span(events).first(whole));
    }
    const bool later = size < 0 && (errno == EAGAIN || errno == EINTR);
    if (!later || (revents & (EPOLLHUP | EPOLLERR)) != 0) {
        remove_node(slot, core::LeaveReason::NoDevice);
    }
}

void Engine::on_events(core::DeviceSlot slot, NodeEntry& entry,
                       std::span<const input_event> events) noexcept {
    count(link_.metrics.events_read, events.size());
    const bool active = phase_ == Phase::Active;
    for (const input_event& raw : events) {
        on_event(slot, entry, to_event(raw));
    }
    flush();
    if (active) {
        count(link_.metrics.flushes);
        link_.metrics.latency.record(now() - to_event(events.front()).time);
    }
    // After the flush: it takes a while, and what was read is for the guest already.
    if (const auto group = std::exchange(joining_, std::nullopt)) {
        take_group(*group);
    }
}

void Engine::on_event(core::DeviceSlot slot, NodeEntry& entry, const core::Event& event) noexcept {
    if (event.type == EV_SYN && event.code == SYN_DROPPED) {
        count(link_.metrics.events_dropped);
        entry.dropping = true;
        return;
    }
    if (entry.dropping) {
        if (event.type == EV_SYN && event.code == SYN_REPORT) {
            entry.dropping = false;
            resync(slot, entry);
        }
        return;
    }
    if (event.time < entry.since) {
        return; // queued before the grab: the host's
    }
    if (event.type == EV_KEY && event.value == 1) {
        last_key_ = slot;
    }
    if (phase_ == Phase::Active && !entry.grabbed) {
        if (entry.lent || entry.grab_failed) {
            return;
        }
        if (event.type == EV_REL || (event.type == EV_KEY && event.value == 1)) {
            joining_ = entry.plan.group;
        }
    }
    forwarder_.on_event(slot, event);
}

void Engine::resync(core::DeviceSlot slot, NodeEntry& entry) noexcept {
    core::KeySet down;
    if (entry.node->held_keys(down) != std::errc{}) {
        return; // gone: read() tells
    }
    if (entry.mask.keys != NodeMask::Keys::All) {
        down &= config_->hotkey_codes; // of the others, the release would not be seen
    }
    forwarder_.on_resync(slot, down, now());
}

/// Sends what is due to the active guest, or to the one that was left and is still owed releases.
void Engine::flush() noexcept {
    using Io = core::GuestInput::Io;
    Io io = forwarder_.flush();
    publish_counters();
    if (fed_ == nullptr) {
        return;
    }
    if (fed_->guest->pending()) {
        io = fed_->guest->flush(); // the forwarder may have let go of it already
    }
    if (io == Io::Lost) {
        lose_guest(*fed_);
    } else {
        watch_room(*fed_);
    }
}

void Engine::publish_counters() noexcept {
    const core::ForwarderCounters sent = forwarder_.counters();
    const auto store = [](InputMetrics::Counter& counter, std::uint64_t value) {
        counter.store(value, std::memory_order_relaxed);
    };
    store(link_.metrics.keys_sent, sent.keys);
    store(link_.metrics.buttons_sent, sent.buttons);
    store(link_.metrics.motions_sent, sent.motions);
    store(link_.metrics.motions_merged, sent.merged);
    store(link_.metrics.motions_in_flight, forwarder_.unacknowledged());
}

void Engine::remove_node(core::DeviceSlot slot, core::LeaveReason reason) noexcept {
    NodeEntry* const entry = nodes_.find(slot);
    if (entry == nullptr) {
        return;
    }
    if (phase_ == Phase::Active && entry->grabbed && entry->plan.keyboard &&
        nodes_.grabbed_keyboards() == 1) {
        leave(reason, now());
    }
    if (entry->grabbed) {
        entry->node->ungrab(); // if it is not gone
        NodeTable::after_ungrab(*entry);
    }
    unwatch(entry->node->fd());
    chosen_.reset(index(slot));
    report(report::NodeGone{slot},
           Cargo{.node = nodes_.remove(slot), .guest = nullptr, .config = nullptr});
    publish_grabs();
    forwarder_.on_device_gone(slot, now());
    flush();
}

void Engine::on_guest(std::size_t place, std::uint32_t revents) noexcept {
    GuestEntry& entry = guests_.at(place);
    if (!entry.guest) {
        return; // removed earlier in the same turn
    }
    using Io = core::GuestInput::Io;
    Io io = Io::Ok;
    if ((revents & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
        GuestEar ear(*this, entry);
        io = entry.guest->receive(ear);
    }
    const bool ended = io == Io::Lost || (revents & (EPOLLERR | EPOLLHUP)) != 0;
    if (ended || (&entry != fed_ && entry.guest->flush() == Io::Lost)) {
        lose_guest(entry);
    } else if (&entry == fed_) {
        flush();
    } else {
        watch_room(entry);
    }
}

/// Waits for room in the socket only while something waits for it.
void Engine::watch_room(GuestEntry& entry) noexcept {
    const bool wait = entry.guest->pending();
    if (wait == entry.waits_for_room) {
        return;
    }
    entry.waits_for_room = wait;
    // EPOLL_CTL_ADD of a known descriptor changes it, see watch().
    watch(entry.guest->fd(), Source::Guest, guests_.place_of(entry),
          wait ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/// Takes a guest out of the thread's hands; leaves first if it is the active one.
std::unique_ptr<core::GuestInput> Engine::detach_guest(GuestEntry& entry, Guest state) noexcept {
    unwatch(entry.guest->fd());
    if (entry.target == target_) {
        if (phase_ == Phase::Active) {
            leave(core::LeaveReason::GuestLost, now(), state);
        } else if (phase_ == Phase::Entering) {
            fail_entering(report::EnterFailed::Cause::ConnectionLost);
        }
    }
    if (&entry == fed_) {
        forwarder_.drop_guest();
        fed_ = nullptr;
    }
    return std::move(std::exchange(entry, {}).guest);
}

void Engine::lose_guest(GuestEntry& entry) noexcept {
    const report::GuestLost lost{entry.target, entry.generation};
    auto guest = detach_guest(entry, Guest::Lost);
    report(lost, Cargo{.node = nullptr, .guest = std::move(guest), .config = nullptr});
}

void Engine::on_guest_leds(GuestEntry& entry, core::LedState leds) noexcept {
    entry.leds = leds;
    if (&entry == fed_ && phase_ == Phase::Active) {
        forwarder_.on_leds(leds);
        show_leds(leds);
    }
}

void Engine::on_hotkey(const core::Hotkey& hotkey, bool begin) noexcept {
    using core::HotkeyAction;
    const core::Hotkey fired = hotkey; // leaving may replace what it is part of
    if (phase_ == Phase::Active) {
        const bool goes_home =
            begin && (fired.action == HotkeyAction::Home || fired.action == HotkeyAction::Toggle);
        const bool ends_borrowing = !begin && fired.action == HotkeyAction::Borrow;
        if (goes_home || ends_borrowing) {
            return leave(core::LeaveReason::Hotkey, now());
        }
    }
    const NodeEntry* const entry = nodes_.find(last_key_);
    if (begin && entry != nullptr && fired.action != HotkeyAction::LendMouse) {
        hotkey_origin_ = Origin{entry->plan.group, now()};
    }
    if (link_.hotkeys_under_way.load(std::memory_order_relaxed) < ThreadLink::kMaxHotkeysUnderWay) {
        link_.hotkeys_under_way.fetch_add(1, std::memory_order_relaxed);
        report(report::Hotkey{fired, begin, config_->generation});
    }
}

void Engine::on_panic_chord() noexcept {
    count(link_.metrics.panic_chords);
    leave(core::LeaveReason::PanicChord, now());
}

/// Buttons of pointers count as well: Ctrl and a click is no tap of Ctrl.
void Engine::on_watch_all_keys(core::DeviceSlot device, bool all) noexcept {
    nodes_.for_each([&](core::DeviceSlot slot, NodeEntry& entry) {
        if (slot == device || entry.plan.pointer) {
            entry.watch_all = all;
            apply_mask(slot, entry);
        }
    });
}

} // namespace spicykvm::input
