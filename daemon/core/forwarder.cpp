// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/forwarder.h"

#include <algorithm>
#include <cstdlib>

namespace spicykvm::core {

Forwarder::Forwarder(ForwarderObserver& observer, ForwarderSettings settings)
    : observer_(observer), settings_(settings), matcher_(*this) {}

void Forwarder::set_hotkeys(const HotkeyTable& table) {
    matcher_.set_hotkeys(table);
}

void Forwarder::enter(GuestInput& guest, TargetId current) {
    ledger_.release_all(); // if another guest is active still
    release_rest();
    if (guest_ != nullptr && guest_ != &guest) {
        (void)guest_->flush(); // its own thread of events tells if it is lost
    }
    if (guest_ != &guest) {
        late_.clear();
    }
    guest_ = &guest;
    active_ = true;
    lent_ = false;
    held_ = {};
    wheel_.reset();
    buttons_.forget_held();
    panic_.reset();
    pacer_.reset();
    keys_since_ack_ = 0;
    matcher_.enter(current);
    pacer_.send_zero(output());
    if (settings_.wakes_guest) {
        pacer_.nudge(output());
    }
}

unsigned Forwarder::leave(TimePoint now) {
    if (!active_) {
        return ledger_.owed();
    }
    stop_forwarding();
    ledger_.release_all();
    const unsigned released = ledger_.owed();
    if (keys_since_ack_ + released > kKeysPerAck) {
        ask_for_ack(now); // tells whether what is released now got through
    }
    release_step(now);
    return released;
}

void Forwarder::drop_guest() noexcept {
    guest_ = nullptr;
    ledger_.clear();
    late_.clear();
    next_release_.reset();
    if (active_) {
        stop_forwarding();
    }
}

void Forwarder::stop_forwarding() noexcept {
    active_ = false;
    lent_ = false;
    pacer_.drop();
    wheel_.reset();
    panic_.reset();
    matcher_.leave();
}

void Forwarder::lend_pointers(bool lent, TimePoint now) {
    if (!active_) {
        return;
    }
    lent_ = lent;
    wheel_.reset();
    buttons_.forget_held();
    ledger_.release_buttons();
    release_step(now);
}

void Forwarder::on_event(DeviceSlot device, const Event& event) {
    if (index(device) >= kMaxDevices) {
        return;
    }
    switch (event.type) {
    case EV_KEY:
        if (event.code >= KEY_CNT) {
            return;
        }
        buttons_.learn(device, KeyCode{event.code});
        if (panic_.on_key(device, event) && active_) {
            return observer_.on_panic_chord();
        }
        return matcher_.on_key(device, event);
    case EV_REL:
        return on_relative(device, event);
    case EV_SYN:
        if (event.code == SYN_REPORT && active_) {
            on_report(device, event.time);
        }
        return;
    default:
        return;
    }
}

void Forwarder::on_relative(DeviceSlot device, const Event& event) noexcept {
    if (Wheel::is_wheel(event.code)) {
        matcher_.on_wheel(event.time);
    }
    if (!takes_pointers()) {
        return;
    }
    switch (event.code) {
    case REL_X:
        return pacer_.add(event.value, 0);
    case REL_Y:
        return pacer_.add(0, event.value);
    default:
        return wheel_.on_event(device, event);
    }
}

void Forwarder::on_report(DeviceSlot device, TimePoint now) noexcept {
    const WheelDetents detents = wheel_.take(device, now);
    if (detents.vertical != 0) {
        send_wheel(detents.vertical > 0 ? Button::WheelUp : Button::WheelDown,
                   std::abs(detents.vertical));
    }
    if (detents.horizontal != 0 && settings_.horizontal_wheel_as_shift) {
        send_horizontal_wheel(detents.horizontal);
    }
    pacer_.send_due(output());
    if (pacer_.waiting()) {
        ++counters_.merged;
    }
    pacer_.observe(now);
}

void Forwarder::on_pass(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code{event.code};
    const auto action = static_cast<KeyAction>(event.value);
    if (!active_) {
        return;
    }
    if (!is_button(code)) {
        forward(device, code, action, event.time);
        if (keys_since_ack_ >= kKeysPerAck) {
            ask_for_ack(event.time);
        }
        return;
    }
    if (action == KeyAction::Repeat || (lent_ && action == KeyAction::Down)) {
        return;
    }
    if (const auto button = buttons_.code(device, code, action == KeyAction::Down)) {
        forward(device, *button, action, event.time);
    }
}

/// Through the ledger: of a key on several keyboards the guest sees one press and one release.
void Forwarder::forward(DeviceSlot device, KeyCode code, KeyAction action, TimePoint now) noexcept {
    switch (action) {
    case KeyAction::Down:
        switch (ledger_.press(device, code)) {
        case KeyLedger::Press::Nothing:
            return;
        case KeyLedger::Press::ReleaseAndSend:
            send(code, false);
            [[fallthrough]];
        case KeyLedger::Press::Send:
            return send(code, true);
        }
        return;
    case KeyAction::Up:
        if (ledger_.release(device, code)) {
            send(code, false);
        }
        return;
    case KeyAction::Repeat:
        // Not to a guest that is behind: they would be most of what it gets at once, and press its
        // releases out of the queue.
        if (ledger_.repeats(device, code) && !is_behind(now) && !guest_->pending()) {
            send_key(code, KeyAction::Repeat);
        }
        return;
    }
}

void Forwarder::on_fire(const Hotkey& hotkey, bool begin) noexcept {
    observer_.on_hotkey(hotkey, begin);
}

void Forwarder::on_watch(DeviceSlot device, bool all) noexcept {
    observer_.on_watch_all_keys(device, all);
}

void Forwarder::send(KeyCode code, bool down) noexcept {
    if (is_button(code)) {
        send_button(ButtonMap::button(code), down);
    } else {
        send_key(code, down ? KeyAction::Down : KeyAction::Up);
    }
}

void Forwarder::send_key(KeyCode code, KeyAction action) noexcept {
    pacer_.flush_before_key(output());
    guest_->key(code, action);
    ++counters_.keys;
    ++keys_since_ack_;
    pacer_.note_sent();
    if (action == KeyAction::Up) {
        late_.on_release(code);
    } else {
        late_.on_press(code);
    }
}

void Forwarder::send_button(Button button, bool down) noexcept {
    pacer_.flush_before_button(output());
    set_button(button, down);
}

void Forwarder::set_button(Button button, bool down) noexcept {
    held_.set(button, down);
    guest_->button(button, down, held_);
    ++counters_.buttons;
    pacer_.note_sent();
}

/// QEMU compares the button mask with the one before: each detent needs its own release, and motion
/// in between would be one.
void Forwarder::send_wheel(Button direction, std::int32_t detents) noexcept {
    pacer_.flush_before_button(output());
    for (std::int32_t i = 0; i < detents; ++i) {
        set_button(direction, true);
        set_button(direction, false);
    }
}

void Forwarder::send_horizontal_wheel(std::int32_t detents) noexcept {
    constexpr KeyCode kShift{KEY_LEFTSHIFT};
    const bool shifted = ledger_.is_down(kShift) || ledger_.is_down(KeyCode{KEY_RIGHTSHIFT});
    if (!shifted) {
        send_key(kShift, KeyAction::Down);
    }
    send_wheel(detents > 0 ? Button::WheelDown : Button::WheelUp, std::abs(detents));
    if (!shifted) {
        send_key(kShift, KeyAction::Up);
    }
}

/// Buttons at once, keys a few at a time. After leaving, the guest is flushed and let go of with
/// the last of them.
void Forwarder::release_step(TimePoint now) noexcept {
    while (const auto button = ledger_.take_owed_button()) {
        send(*button, false);
    }
    if (!next_release_ || *next_release_ <= now) {
        next_release_.reset();
        for (unsigned i = 0; i < kKeysPerStep; ++i) {
            if (const auto key = ledger_.take_owed_key()) {
                send(*key, false);
                next_release_ = now + kStepPause;
            }
        }
    }
    if (active_ || guest_ == nullptr) {
        return;
    }
    const bool lost = guest_->flush() == GuestInput::Io::Lost;
    if (lost || !owes()) {
        drop_guest();
    }
}

/// Something is to be released still, or may have to be once more.
bool Forwarder::owes() const noexcept {
    return ledger_.owed() > 0 || late_.due() || (!late_.empty() && pacer_.owed_since());
}

/// The ledger has these keys up: one that was pressed again is not among them.
void Forwarder::release_late(TimePoint now) noexcept {
    for (unsigned i = 0; i < kKeysPerStep; ++i) {
        const auto key = late_.take();
        if (!key) {
            return release_step(now); // and let go of a guest that was left
        }
        guest_->key(*key, KeyAction::Up);
        ++counters_.keys;
    }
    late_.wait_until(now + kStepPause);
}

bool Forwarder::is_behind(TimePoint now) const noexcept {
    const auto since = pacer_.owed_since();
    return since && now - *since > LateReleases::kLate;
}

void Forwarder::on_motion_ack(unsigned count, TimePoint now) noexcept {
    late_.on_ack(is_behind(now), now);
    pacer_.acknowledge(count);
    keys_since_ack_ = 0;
    if (releasing() && !owes()) {
        drop_guest();
    }
}

void Forwarder::release_rest() noexcept {
    while (const auto button = ledger_.take_owed_button()) {
        send(*button, false);
    }
    while (const auto key = ledger_.take_owed_key()) {
        send(*key, false);
    }
    next_release_.reset();
}

GuestInput::Io Forwarder::flush() noexcept {
    if (guest_ == nullptr) {
        return GuestInput::Io::Ok;
    }
    if (active_) {
        pacer_.send_due(output());
    }
    return guest_->flush();
}

void Forwarder::on_resync(DeviceSlot device, const KeySet& down, TimePoint now) {
    if (index(device) >= kMaxDevices) {
        return;
    }
    if (panic_.on_resync(device, down) && active_) {
        observer_.on_panic_chord();
    }
    matcher_.on_resync(device, down, now);
}

void Forwarder::on_device_gone(DeviceSlot device, TimePoint now) {
    if (index(device) >= kMaxDevices) {
        return;
    }
    matcher_.on_device_gone(device, now);
    panic_.forget(device);
    wheel_.forget(device);
    buttons_.forget(device);
    ledger_.release_device(device);
    release_step(now);
}

std::optional<TimePoint> Forwarder::deadline() const noexcept {
    std::optional<TimePoint> next = matcher_.deadline();
    for (const auto& time : {ledger_.owed() > 0 ? next_release_ : std::nullopt, late_.due()}) {
        if (time) {
            next = next ? std::min(*next, *time) : time;
        }
    }
    return next;
}

void Forwarder::on_deadline(TimePoint now) {
    matcher_.on_deadline(now);
    if (ledger_.owed() > 0) {
        release_step(now);
    }
    if (const auto due = late_.due(); due && *due <= now) {
        release_late(now);
    }
}

void Forwarder::probe(TimePoint now) noexcept {
    if (active_) {
        ask_for_ack(now);
    }
}

void Forwarder::ask_for_ack(TimePoint now) noexcept {
    for (unsigned missing = pacer_.missing_for_ack(); missing > 0; --missing) {
        pacer_.send_zero(output());
    }
    pacer_.observe(now);
}

} // namespace spicykvm::core
