// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey_matcher.h"

#include <algorithm>

// The states of HotkeyMatcher. Firing a hotkey may call back into the matcher, so it comes last, or
// whatever follows looks at the state anew.

namespace spicykvm::core {

void HotkeyMatcher::idle_press(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (!codes_.test(raw(code))) {
        return pass(device, event);
    }
    if (const Hotkey* chord = completed_chord(code, down_, hotkeys_, context_)) {
        return complete_chord(*chord, event);
    }
    const KeyGestures gestures = gestures_of(code, hotkeys_, context_);
    if (gestures.press != nullptr) {
        swallowed_.set(raw(code));
        sink_.on_fire(*gestures.press, true);
    } else if (gestures.release != nullptr) {
        swallowed_.set(raw(code));
        armed_.set(raw(code));
    } else if (gestures.needs_time() || (gestures.chord_prefix && context_.active)) {
        begin(device, event, gestures);
    } else {
        pass(device, event);
    }
}

void HotkeyMatcher::begin(DeviceSlot device, const Event& event,
                          const KeyGestures& gestures) noexcept {
    state_ = State::Pressed;
    key_ = code_of(event);
    gestures_ = gestures;
    since_ = event.time;
    deadline_ = pressed_deadline();
    keep(device, event);
    if (gestures.needs_time() && !context_.active) {
        watched_ = device;
        sink_.on_watch(device, true);
    }
}

/// Pressed, Prefix: another key than those withheld.
void HotkeyMatcher::pending_press(DeviceSlot device, const Event& event) noexcept {
    if (const Hotkey* chord = completed_chord(code_of(event), down_, hotkeys_, context_)) {
        return complete_chord(*chord, event);
    }
    if (extends_prefix(code_of(event))) {
        state_ = State::Prefix; // not alone any more
        deadline_ = since_ + timing_.hold;
        return keep(device, event);
    }
    replay_all();
    idle_press(device, event);
}

void HotkeyMatcher::gap_press(DeviceSlot device, const Event& event) noexcept {
    state_ = State::Again;
    since_ = event.time;
    deadline_ = since_ + timing_.tap;
    second_press_ = withheld_.size();
    keep(device, event);
}

void HotkeyMatcher::pressed_release(DeviceSlot device, const Event& event) noexcept {
    const bool tapped = event.time - since_ < timing_.tap;
    if (tapped && gestures_.double_tap != nullptr) {
        state_ = State::Gap;
        deadline_ = event.time + timing_.double_gap;
        return keep(device, event);
    }
    if (tapped && gestures_.tap != nullptr) {
        const Hotkey& hotkey = *gestures_.tap;
        to_idle();
        return sink_.on_fire(hotkey, true);
    }
    replay_all();
    pass(device, event);
}

void HotkeyMatcher::again_release() noexcept {
    const Hotkey& hotkey = *gestures_.double_tap;
    to_idle();
    sink_.on_fire(hotkey, true);
}

void HotkeyMatcher::pressed_timeout() noexcept {
    if (gestures_.hold == nullptr) {
        return replay_all();
    }
    const Hotkey& hotkey = *gestures_.hold;
    holding_[static_cast<std::size_t>(&hotkey - hotkeys_.data())] = true;
    swallowed_.set(raw(key_));
    to_idle();
    sink_.on_fire(hotkey, true);
}

/// Gap, Again: no double tap comes of it. In Again what follows is an undecided press of its own.
void HotkeyMatcher::settle_first_tap() noexcept {
    const Hotkey* const tap = gestures_.tap;
    const std::size_t first = state_ == State::Again ? second_press_ : withheld_.size();
    if (tap == nullptr) {
        replay(first);
    }
    withheld_.drop_first(first);
    if (state_ == State::Gap) {
        to_idle();
    } else {
        state_ = State::Pressed;
        deadline_ = pressed_deadline();
    }
    if (tap != nullptr) {
        sink_.on_fire(*tap, true);
    }
}

/// Something else happened: whatever is under way is not alone.
void HotkeyMatcher::interrupt() noexcept {
    if (state_ == State::Gap || state_ == State::Again) {
        settle_first_tap();
    }
    replay_all();
}

/// Swallows its keys; a key that the guest saw go down already keeps its release.
void HotkeyMatcher::complete_chord(const Hotkey& chord, const Event& event) noexcept {
    for (const WithheldEvents::Entry& entry : withheld_) {
        if (is_key_of(chord, code_of(entry.event))) {
            swallowed_.set(entry.event.code);
        } else {
            pass(entry.device, entry.event);
        }
    }
    for (std::size_t i = 0; i < chord.key_count; ++i) {
        armed_.reset(raw(chord.keys[i]));
    }
    swallowed_.set(event.code);
    to_idle();
    sink_.on_fire(chord, true);
}

void HotkeyMatcher::finish_swallowed(KeyCode code) noexcept {
    swallowed_.reset(raw(code));
    if (armed_.test(raw(code))) {
        armed_.reset(raw(code));
        if (const Hotkey* hotkey = gestures_of(code, hotkeys_, context_).release) {
            sink_.on_fire(*hotkey, true);
        }
        return;
    }
    end_hold(code);
}

/// True if some chord has `code` and all keys that are withheld among its first ones.
bool HotkeyMatcher::extends_prefix(KeyCode code) const noexcept {
    if (!context_.active) {
        return false;
    }
    return std::any_of(hotkeys_.begin(), hotkeys_.end(), [&](const Hotkey& hotkey) {
        const auto is_prefix = [&](const WithheldEvents::Entry& entry) {
            return is_prefix_of(hotkey, code_of(entry.event));
        };
        return is_prefix_of(hotkey, code) && is_enabled(hotkey, context_) &&
               std::all_of(withheld_.begin(), withheld_.end(), is_prefix);
    });
}

std::optional<TimePoint> HotkeyMatcher::deadline() const noexcept {
    return state_ == State::Idle ? std::nullopt : std::optional(deadline_);
}

void HotkeyMatcher::on_deadline(TimePoint now) noexcept {
    while (state_ != State::Idle && deadline_ <= now) {
        switch (state_) {
        case State::Idle:
            break;
        case State::Pressed:
            pressed_timeout();
            break;
        case State::Gap:
        case State::Again:
            settle_first_tap();
            break;
        case State::Prefix:
            replay_all();
            break;
        }
    }
}

TimePoint HotkeyMatcher::pressed_deadline() const noexcept {
    const bool for_tap = gestures_.hold == nullptr && gestures_.needs_time();
    return since_ + (for_tap ? timing_.tap : timing_.hold);
}

void HotkeyMatcher::keep(DeviceSlot device, const Event& event) noexcept {
    if (withheld_.full()) {
        interrupt();
        return pass(device, event);
    }
    withheld_.push(device, event);
}

void HotkeyMatcher::replay(std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        const WithheldEvents::Entry& entry = withheld_.begin()[i];
        pass(entry.device, entry.event);
    }
}

void HotkeyMatcher::replay_all() noexcept {
    replay(withheld_.size());
    to_idle();
}

void HotkeyMatcher::to_idle() noexcept {
    state_ = State::Idle;
    withheld_.clear();
    if (watched_) {
        const DeviceSlot device = *watched_;
        watched_.reset();
        sink_.on_watch(device, false);
    }
}

} // namespace spicykvm::core
