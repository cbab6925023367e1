// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/engine.h"

#include <algorithm>
#include <array>
#include <utility>

// Engine: how keyboard and mouse go to a guest and come back.
namespace spicykvm::input {

namespace {

using Cause = report::EnterFailed::Cause;

/// A hotkey and the activation that it asked for belong together for so long: a VM may have to be
/// connected in between.
constexpr Milliseconds kOriginLifetime{30000};

constexpr NodeMask kOpen{NodeMask::Keys::All, true};

Microseconds to_us(Clock::duration duration) noexcept {
    return std::chrono::duration_cast<Microseconds>(duration);
}

std::uint64_t to_count(Microseconds duration) noexcept {
    return static_cast<std::uint64_t>(std::max<Microseconds::rep>(duration.count(), 0));
}

} // namespace

void Engine::begin_entering(const command::Enter& command, GuestEntry& guest) noexcept {
    const TimePoint time = now();
    phase_ = Phase::Entering;
    target_ = guest.target;
    serial_ = command.serial;
    asked_ = command.asked;
    neutral_deadline_ = time + config_->neutral_deadline;
    // Who asks is alive.
    link_.lease.store(time.time_since_epoch().count(), std::memory_order_relaxed);
    choose_nodes();
    refresh_masks();
    advance_entering(time);
}

void Engine::choose_nodes() noexcept {
    session_origin_.reset();
    chosen_.reset();
    const auto origin = std::exchange(hotkey_origin_, std::nullopt);
    if (origin && now() - origin->time < kOriginLifetime) {
        nodes_.for_each([&](core::DeviceSlot, const NodeEntry& entry) {
            if (entry.plan.group == origin->group && entry.plan.with_keyboard) {
                session_origin_ = origin->group;
            }
        });
    }
    nodes_.for_each([&](core::DeviceSlot slot, NodeEntry& entry) {
        entry.grab_failed = false;
        chosen_.set(index(slot), wanted(entry));
    });
}

/// Whether a node is grabbed at once. Pointers that were not named or used before follow when they
/// move.
bool Engine::wanted(const NodeEntry& entry) noexcept {
    if (entry.plan.selected) {
        return true;
    }
    if (entry.plan.with_keyboard) {
        return !session_origin_ || entry.plan.group == *session_origin_;
    }
    return nodes_.group_moved(entry.plan.group);
}

void Engine::advance_entering(TimePoint now) noexcept {
    bool wait = false;
    nodes_.for_each([&](core::DeviceSlot slot, NodeEntry& entry) {
        wait = wait || (chosen_.test(index(slot)) && NodeTable::must_wait(entry));
    });
    if (!wait || now >= neutral_deadline_) {
        grab_chosen();
    }
}

void Engine::grab_chosen() noexcept {
    core::EnterReport result;
    std::errc error{};
    // Keyboards first: without one there is nothing to be done.
    for (const bool keyboard : {true, false}) {
        nodes_.for_each([&](core::DeviceSlot slot, NodeEntry& entry) {
            if (chosen_.test(index(slot)) && entry.plan.keyboard == keyboard) {
                const std::errc refused = take(slot, entry, result);
                error = refused == std::errc{} ? error : refused;
            }
        });
    }
    result.keyboards = nodes_.grabbed_keyboards();
    result.pointers = nodes_.grabbed_pointers();
    GuestEntry* const guest = guests_.find(target_);
    if (result.keyboards == 0 || guest == nullptr) {
        give_back_all();
        return fail_entering(error == std::errc{} ? Cause::NoKeyboard : Cause::GrabRefused, error);
    }
    const TimePoint done = now();
    result.elapsed = to_us(done - asked_);
    phase_ = Phase::Active;
    beat(done);
    next_tick_ = done + kTick;
    next_probe_ = done + kProbeInterval;
    count(link_.metrics.enters);
    link_.metrics.enter_us.store(to_count(result.elapsed), std::memory_order_relaxed);
    watch_hotkeys_only(); // before it is reported: a mouse that is moved from then on comes along
    // Before anything is sent: that may find the connection lost, which is reported after this.
    report(report::Entered{serial_, result});
    start_forwarding(*guest);
}

void Engine::start_forwarding(GuestEntry& guest) noexcept {
    target_ = guest.target;
    fed_ = &guest;
    const auto place = index(guest.target);
    forwarder_.set_settings(place < config_->forwarding.size() ? config_->forwarding[place]
                                                               : core::ForwarderSettings{});
    forwarder_.enter(*guest.guest, guest.target);
    if (guest.leds) {
        show_leds(*guest.leds);
    }
    flush();
}

/// From one guest to another; the grabs stay.
void Engine::change_guest(const command::Enter& command, GuestEntry& guest) noexcept {
    const TimePoint time = now();
    core::EnterReport result;
    result.keyboards = nodes_.grabbed_keyboards();
    result.pointers = nodes_.grabbed_pointers();
    result.elapsed = to_us(time - command.asked);
    report(report::Entered{command.serial, result});
    if (guest.target != target_) {
        forwarder_.leave(time);
        watch_room(*fed_);
        watch_hotkeys_only();
        start_forwarding(guest);
    }
}

void Engine::fail_entering(Cause cause, std::errc error) noexcept {
    phase_ = Phase::Inactive;
    refresh_masks();
    count(link_.metrics.enters_failed);
    report(report::EnterFailed{serial_, cause, error});
}

/// Leaving comes first: nothing may stand before the ungrab, whatever the guest's connection does.
void Engine::leave(core::LeaveReason reason, TimePoint decided, Guest guest) noexcept {
    core::LeaveReport result{.reason = reason, .ungrab = Microseconds{0}, .released = 0};
    if (phase_ == Phase::Entering) {
        fail_entering(Cause::Cancelled);
    } else if (phase_ == Phase::Active) {
        phase_ = Phase::Inactive;
        result.ungrab = std::max(to_us(give_back_all() - decided), Microseconds{0});
        note_ungrab(result.ungrab);
        if (guest == Guest::Usable) {
            result.released = forwarder_.leave(now());
        } else {
            forwarder_.drop_guest();
        }
        next_tick_.reset();
        count(link_.metrics.leaves);
        beat(now());
    }
    session_origin_.reset();
    joining_.reset();
    nodes_.for_each([](core::DeviceSlot, NodeEntry& entry) { entry.lent = false; });
    watch_hotkeys_only();
    report(report::Left{result});
    if (guest == Guest::Usable) {
        flush(); // may find that the connection is lost, which is reported after this
    }
}

/// Returns when the last device went back.
TimePoint Engine::give_back_all() noexcept {
    std::array<InputNode*, core::kMaxDevices> nodes{};
    std::size_t used = 0;
    const auto add = [&](auto condition) {
        nodes_.for_each([&](core::DeviceSlot slot, const NodeEntry& entry) {
            if (entry.grabbed && condition(slot, entry)) {
                nodes[used++] = entry.node.get();
            }
        });
    };
    // The most urgent first: the keyboard that is in use, the other keyboards, the rest.
    const auto in_use = [this](core::DeviceSlot slot, const NodeEntry&) {
        return slot == last_key_;
    };
    const auto keyboard = [&](core::DeviceSlot slot, const NodeEntry& entry) {
        return !in_use(slot, entry) && entry.plan.keyboard;
    };
    const auto other = [&](core::DeviceSlot slot, const NodeEntry& entry) {
        return !in_use(slot, entry) && !entry.plan.keyboard;
    };
    add(in_use);
    add(keyboard);
    add(other);
    ungrabber_.start(std::span(nodes).first(used));
    const TimePoint last = ungrabber_.finish();
    nodes_.for_each([](core::DeviceSlot, NodeEntry& entry) {
        if (entry.grabbed) {
            NodeTable::after_ungrab(entry);
        }
    });
    publish_grabs();
    return last;
}

void Engine::note_ungrab(Microseconds took) noexcept {
    InputMetrics& metrics = link_.metrics;
    metrics.ungrab_us.store(to_count(took), std::memory_order_relaxed);
    if (to_count(took) > metrics.ungrab_max_us.load(std::memory_order_relaxed)) {
        metrics.ungrab_max_us.store(to_count(took), std::memory_order_relaxed);
    }
}

void Engine::lend(bool lent) noexcept {
    if (phase_ != Phase::Active) {
        return;
    }
    forwarder_.lend_pointers(lent, now());
    flush();
    if (phase_ != Phase::Active) {
        return; // the flush found the guest lost
    }
    std::array<InputNode*, core::kMaxDevices> nodes{};
    std::size_t used = 0;
    nodes_.for_each([&](core::DeviceSlot slot, NodeEntry& entry) {
        if (lent && entry.grabbed && entry.plan.pointer && !entry.plan.keyboard) {
            nodes[used++] = entry.node.get();
            entry.lent = true;
        } else if (!lent && std::exchange(entry.lent, false)) {
            take_late(slot, entry);
        }
    });
    ungrabber_.start(std::span(nodes).first(used));
    ungrabber_.finish();
    nodes_.for_each([](core::DeviceSlot, NodeEntry& entry) {
        if (entry.lent && entry.grabbed) {
            NodeTable::after_ungrab(entry);
        }
    });
    publish_grabs();
    refresh_masks();
}

/// Opens the mask and grabs.
std::errc Engine::take(core::DeviceSlot slot, NodeEntry& entry,
                       core::EnterReport& result) noexcept {
    using What = report::NodeTrouble::What;
    if (entry.grabbed) {
        return {};
    }
    NodeTable::set_mask(entry, kOpen, config_->hotkey_codes);
    const NodeTable::Taken taken = nodes_.take(entry, config_->hotkey_codes);
    result.released += taken.released;
    if (taken.error != std::errc{}) {
        entry.grab_failed = true;
        ++result.failed;
        report(report::NodeTrouble{slot, What::GrabFailed, taken.error});
    } else if (taken.keys_kept) {
        report(report::NodeTrouble{slot, What::HeldKeysKept, {}});
    }
    publish_grabs();
    return taken.error;
}

/// While active: a node that came, or that is in use now. One that can't be taken yet without
/// leaving keys down on the host is taken when it is used the next time.
void Engine::take_late(core::DeviceSlot slot, NodeEntry& entry) noexcept {
    if (phase_ != Phase::Active || entry.grabbed || entry.lent || entry.grab_failed ||
        NodeTable::must_wait(entry)) {
        return;
    }
    core::EnterReport ignored;
    (void)take(slot, entry, ignored); // is reported
    apply_mask(slot, entry);
    if (fed_->leds) {
        show_leds(*fed_->leds);
    }
}

void Engine::take_group(std::uint32_t group) noexcept {
    nodes_.for_each([&](core::DeviceSlot slot, NodeEntry& entry) {
        if (entry.plan.group == group) {
            take_late(slot, entry);
        }
    });
}

/// No hotkey is undecided any more.
void Engine::watch_hotkeys_only() noexcept {
    nodes_.for_each([](core::DeviceSlot, NodeEntry& entry) { entry.watch_all = false; });
    refresh_masks();
}

void Engine::refresh_masks() noexcept {
    nodes_.for_each([this](core::DeviceSlot slot, NodeEntry& entry) { apply_mask(slot, entry); });
}

void Engine::apply_mask(core::DeviceSlot slot, NodeEntry& entry) noexcept {
    const std::errc error =
        NodeTable::set_mask(entry, desired_mask(slot, entry), config_->hotkey_codes);
    if (error != std::errc{} && error != std::errc::no_such_device) {
        report(report::NodeTrouble{slot, report::NodeTrouble::What::MaskFailed, error});
    }
}

NodeMask Engine::desired_mask(core::DeviceSlot slot, const NodeEntry& entry) noexcept {
    if (entry.grabbed || (phase_ == Phase::Entering && chosen_.test(index(slot)))) {
        return kOpen;
    }
    if (entry.lent || (phase_ == Phase::Active && entry.grab_failed)) {
        return {};
    }
    const auto hotkeys = entry.plan.listens ? NodeMask::Keys::Hotkeys : NodeMask::Keys::None;
    return {.keys = entry.watch_all ? NodeMask::Keys::All : hotkeys,
            .motion = phase_ == Phase::Active && entry.plan.pointer};
}

void Engine::publish_grabs() noexcept {
    link_.grabbed.store(nodes_.grabbed_bits(), std::memory_order_relaxed);
}

void Engine::show_leds(core::LedState leds) noexcept {
    nodes_.for_each([leds](core::DeviceSlot, NodeEntry& entry) {
        if (entry.grabbed) {
            NodeTable::show_leds(entry, leds);
        }
    });
}

} // namespace spicykvm::input
