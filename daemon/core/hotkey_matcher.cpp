// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey_matcher.h"

#include <algorithm>

namespace spicykvm::core {

namespace {

constexpr KeyCode code_of(const Event& event) noexcept {
    return KeyCode{event.code};
}

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
    if (!is_withheld(code) && !swallowed_.test(raw(code))) {
        pass(device, event);
    }
}

/// A key that another keyboard holds, too, goes the way of its first press.
void HotkeyMatcher::follow(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (is_withheld(code)) {
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
    second_press_ = withheld_count_;
    keep(device, event);
}

void HotkeyMatcher::last_release(DeviceSlot device, const Event& event) noexcept {
    const KeyCode code = code_of(event);
    if (is_withheld(code)) {
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
    const std::size_t first = state_ == State::Again ? second_press_ : withheld_count_;
    if (tap == nullptr) {
        replay(first);
    }
    std::copy(withheld_.begin() + static_cast<std::ptrdiff_t>(first),
              withheld_.begin() + static_cast<std::ptrdiff_t>(withheld_count_), withheld_.begin());
    withheld_count_ -= first;
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
    for (std::size_t i = 0; i < withheld_count_; ++i) {
        const KeyCode code = code_of(withheld_[i].event);
        if (is_key_of(chord, code)) {
            swallowed_.set(raw(code));
        } else {
            pass(withheld_[i].device, withheld_[i].event);
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

void HotkeyMatcher::end_hold(KeyCode code) noexcept {
    for (std::size_t i = 0; i < hotkeys_.size(); ++i) {
        if (holding_[i] && hotkeys_[i].keys[0] == code) {
            holding_[i] = false;
            return sink_.on_fire(hotkeys_[i], false);
        }
    }
}

bool HotkeyMatcher::holds(KeyCode code) const noexcept {
    for (std::size_t i = 0; i < hotkeys_.size(); ++i) {
        if (holding_[i] && hotkeys_[i].keys[0] == code) {
            return true;
        }
    }
    return false;
}

/// True if some chord has `code` and all keys that are withheld among its first ones.
bool HotkeyMatcher::extends_prefix(KeyCode code) const noexcept {
    const auto withheld = std::span(withheld_).first(withheld_count_);
    return context_.active &&
           std::any_of(hotkeys_.begin(), hotkeys_.end(), [&](const Hotkey& hotkey) {
               return is_prefix_of(hotkey, code) && is_enabled(hotkey, context_) &&
                      std::all_of(withheld.begin(), withheld.end(), [&](const Withheld& entry) {
                          return is_prefix_of(hotkey, code_of(entry.event));
                      });
           });
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

bool HotkeyMatcher::is_withheld(KeyCode code) const noexcept {
    return std::any_of(withheld_.begin(),
                       withheld_.begin() + static_cast<std::ptrdiff_t>(withheld_count_),
                       [code](const Withheld& entry) { return code_of(entry.event) == code; });
}

void HotkeyMatcher::keep(DeviceSlot device, const Event& event) noexcept {
    if (withheld_count_ == kMaxWithheld) {
        interrupt();
        return pass(device, event);
    }
    withheld_[withheld_count_++] = {device, event};
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

void HotkeyMatcher::replay(std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        pass(withheld_[i].device, withheld_[i].event);
    }
}

void HotkeyMatcher::replay_all() noexcept {
    replay(withheld_count_);
    to_idle();
}

void HotkeyMatcher::to_idle() noexcept {
    state_ = State::Idle;
    withheld_count_ = 0;
    if (watched_) {
        const DeviceSlot device = *watched_;
        watched_.reset();
        sink_.on_watch(device, false);
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
