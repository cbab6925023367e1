// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey_matcher.h"

#include <algorithm>

namespace spicykvm::core {

namespace {

Event key_event(KeyCode code, KeyAction action, TimePoint time) noexcept {
    return {time, EV_KEY, raw(code), static_cast<std::int32_t>(action)};
}

} // namespace

void HotkeyMatcher::set_hotkeys(const HotkeyTable& table) {
    replay_all();
    for (std::size_t i = 0; i < hotkeys_.size(); ++i) {
        if (holding_[i]) {
            end_hold(hotkeys_[i].keys[0]);
        }
    }
    armed_.reset();
    const KeySet seen = codes_;
    hotkeys_ = table.hotkeys;
    timing_ = table.timing;
    codes_ = table.codes();
    holding_.assign(hotkeys_.size(), false);
    if (!context_.active) {
        forget_all_but(seen & codes_);
    }
}

void HotkeyMatcher::enter(TargetId current) noexcept {
    drop_gesture();
    context_ = {true, current};
}

void HotkeyMatcher::leave() noexcept {
    drop_gesture();
    context_ = {};
    forget_all_but(codes_); // the event mask will hide the releases of the others
}

void HotkeyMatcher::on_key(DeviceSlot device, const Event& event) noexcept {
    on_deadline(event.time);
    switch (event.value) {
    case static_cast<std::int32_t>(KeyAction::Down):
        return on_down(device, event);
    case static_cast<std::int32_t>(KeyAction::Up):
        return on_up(device, event);
    case static_cast<std::int32_t>(KeyAction::Repeat):
        return on_repeat(device, event);
    default:
        return;
    }
}

void HotkeyMatcher::on_wheel(TimePoint now) noexcept {
    on_deadline(now);
    interrupt();
}

void HotkeyMatcher::on_resync(DeviceSlot device, const KeySet& down, TimePoint now) noexcept {
    on_deadline(now);
    interrupt();
    const bool was_active = context_.active;
    for (std::size_t i = 0; i < KEY_CNT; ++i) {
        const KeyCode code{static_cast<std::uint16_t>(i)};
        if (down_.held_by(device, code) && !down.test(i)) {
            on_up(device, key_event(code, KeyAction::Up, now));
        }
    }
    for (std::size_t i = 0; i < KEY_CNT; ++i) {
        const KeyCode code{static_cast<std::uint16_t>(i)};
        const bool counts = context_.active || codes_.test(i);
        if (counts && down.test(i) && !down_.held_by(device, code)) {
            down_.press(device, code);
            if (was_active) { // else a release has just led there: held over the switch
                follow(device, key_event(code, KeyAction::Down, now));
            }
        }
    }
}

void HotkeyMatcher::on_device_gone(DeviceSlot device, TimePoint now) noexcept {
    on_deadline(now);
    interrupt();
    for (std::size_t i = 0; i < KEY_CNT; ++i) {
        const KeyCode code{static_cast<std::uint16_t>(i)};
        if (down_.release(device, code)) {
            armed_.reset(i); // pulling the plug is no wish to switch
            swallowed_.reset(i);
            end_hold(code);
        }
    }
}

void HotkeyMatcher::on_down(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (!context_.active && !codes_.test(raw(code))) {
        return interrupt(); // its release may be hidden again, so it is not counted as down
    }
    if (down_.held_by(device, code)) { // the release was missed
        on_up(device, key_event(code, KeyAction::Up, event.time));
    }
    if (down_.press(device, code)) {
        first_press(device, event);
    } else {
        follow(device, event);
    }
}

void HotkeyMatcher::on_up(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    const bool known = down_.held_by(device, code);
    if (down_.release(device, code)) {
        return last_release(device, event);
    }
    if (known) {
        return follow(device, event);
    }
    pass_deciding(device, event); // pressed before the switch: the ledger knows it as little
}

void HotkeyMatcher::on_repeat(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (!withheld_.contains(code) && !swallowed_.test(raw(code))) {
        pass(device, event);
    }
}

/// A key that another keyboard holds, too, goes the way of its first press.
void HotkeyMatcher::follow(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (withheld_.contains(code)) {
        keep(device, event);
    } else if (!swallowed_.test(raw(code))) {
        pass_deciding(device, event);
    }
}

void HotkeyMatcher::first_press(DeviceSlot device, const Event& event) noexcept {
    swallowed_.reset(event.code);
    armed_.reset(event.code);
    // The first tap fires before another key is looked at: it may change what is enabled.
    if (state_ == State::Again || (state_ == State::Gap && code_of(event) != key_)) {
        settle_first_tap();
    }
    switch (state_) {
    case State::Idle:
        return idle_press(device, event);
    case State::Gap:
        return gap_press(device, event);
    case State::Pressed:
    case State::Again:
    case State::Prefix:
        return pending_press(device, event);
    }
}

void HotkeyMatcher::last_release(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (withheld_.contains(code)) {
        switch (state_) {
        case State::Pressed:
            return pressed_release(device, event);
        case State::Again:
            return again_release();
        case State::Idle:
        case State::Gap:
        case State::Prefix:
            replay_all();
            return pass(device, event);
        }
    }
    if (swallowed_.test(raw(code))) {
        return finish_swallowed(code);
    }
    pass_deciding(device, event);
}

void HotkeyMatcher::pass(DeviceSlot device, const Event& event) noexcept {
    if (context_.active) {
        sink_.on_pass(device, event);
    }
}

/// What decides has to come after what it decides.
void HotkeyMatcher::pass_deciding(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (event.value != 0 || is_modifier(code) || is_button(code)) {
        interrupt();
    }
    pass(device, event);
}

void HotkeyMatcher::end_hold(KeyCode code) noexcept {
    for (std::size_t i = 0; i < hotkeys_.size(); ++i) {
        if (holding_[i] && hotkeys_[i].keys[0] == code) {
            holding_[i] = false;
            return sink_.on_fire(hotkeys_[i], false);
        }
    }
}

/// The rest of what was swallowed the ledger stops by itself: the guest never had the press.
void HotkeyMatcher::drop_gesture() noexcept {
    watched_.reset();
    to_idle();
    armed_.reset();
    swallowed_.reset();
    for (std::size_t i = 0; i < hotkeys_.size(); ++i) {
        if (holding_[i]) {
            swallowed_.set(raw(hotkeys_[i].keys[0]));
        }
    }
}

void HotkeyMatcher::forget_all_but(const KeySet& codes) noexcept {
    for (std::size_t i = 0; i < KEY_CNT; ++i) {
        if (!codes.test(i)) {
            down_.forget(KeyCode{static_cast<std::uint16_t>(i)});
        }
    }
}

} // namespace spicykvm::core
