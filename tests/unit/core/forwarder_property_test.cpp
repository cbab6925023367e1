// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/forwarder.h"
#include "session_check.h"
#include "strict_guest.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace spicykvm::core::test {

namespace {

// Few keys and many hotkeys, so that they meet often.
constexpr std::array<std::uint16_t, 10> kKeys{
    KEY_A,   KEY_S,  KEY_RIGHTCTRL, KEY_LEFTSHIFT, KEY_LEFTMETA,
    KEY_F12, KEY_F1, KEY_ESC,       KEY_ENTER,     KEY_BACKSPACE};
constexpr std::array<std::uint16_t, 6> kButtons{BTN_LEFT, BTN_RIGHT,   BTN_MIDDLE,
                                                BTN_SIDE, BTN_FORWARD, BTN_EXTRA};
constexpr std::size_t kKeyboards = 2; // slots 0 and 1; mice follow
constexpr std::size_t kDevices = 4;

/// A random life of a forwarder: devices, hotkeys, guests, and cuts of every kind. Whatever
/// happens, each guest must be left with nothing down, the order kept and no motion lost.
class Life final : private ForwarderObserver {
  public:
    explicit Life(unsigned seed) : random_(seed) {
        react_ = one_in(2);
        tables_.reserve(kMaxTables); // the forwarder keeps references
        change_hotkeys();
        ForwarderSettings settings;
        settings.max_delta = one_in(2) ? 127 : 0;
        settings.horizontal_wheel_as_shift = one_in(2);
        shifts_wheel_ = settings.horizontal_wheel_as_shift;
        forwarder_.set_settings(settings);
    }

    void run(unsigned steps) {
        for (unsigned i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
            step();
            after_call();
        }
        leave_and_check();
        release_keys();
        EXPECT_EQ(holding_, 0) << "a hold began and never ended";
        EXPECT_FALSE(forwarder_.deadline());
    }

  private:
    static constexpr std::size_t kMaxTables = 64;

    // --- chance

    unsigned below(unsigned limit) {
        return std::uniform_int_distribution<unsigned>(0, limit - 1)(random_);
    }
    bool one_in(unsigned chances) { return below(chances) == 0; }
    template <typename Array>
    auto pick(const Array& array) {
        return array[below(static_cast<unsigned>(array.size()))];
    }

    // --- what happens

    void step() {
        now_ += Milliseconds{one_in(3) ? below(300) : below(20)};
        const auto deadline = forwarder_.deadline();
        if (deadline && *deadline <= now_ && !one_in(4)) { // else the timer is late
            forwarder_.on_deadline(now_);
            after_call();
        }
        const unsigned what = below(100);
        if (what < 60) {
            key_step();
        } else if (what < 80) {
            pointer_step();
        } else if (what < 90) {
            acknowledge(one_in(3));
        } else {
            cut();
        }
    }

    void key_step() {
        const DeviceSlot device = any_device();
        const bool mouse = index(device) >= kKeyboards;
        const KeyCode code{mouse ? pick(kButtons) : pick(kKeys)};
        KeySet& physical = physical_[index(device)];
        if (!physical.test(raw(code))) {
            physical.set(raw(code));
            key(device, code, KeyAction::Down);
        } else if (!mouse && one_in(3)) {
            key(device, code, KeyAction::Repeat);
        } else {
            physical.reset(raw(code));
            key(device, code, KeyAction::Up);
        }
        if (!one_in(5)) {
            event(device, EV_SYN, SYN_REPORT, 0);
        }
    }

    void pointer_step() {
        const DeviceSlot device{static_cast<std::uint8_t>(kKeyboards + below(2))};
        const unsigned packets = 1 + below(12);
        for (unsigned i = 0; i < packets; ++i) {
            const std::int32_t dx = static_cast<std::int32_t>(below(601)) - 300;
            const std::int32_t dy = static_cast<std::int32_t>(below(601)) - 300;
            if (forwarder_.active() && !lent_) {
                check_.moved(dx, dy);
            }
            event(device, EV_REL, REL_X, dx);
            event(device, EV_REL, REL_Y, dy);
            if (one_in(6)) {
                wheel(device);
            }
            event(device, EV_SYN, SYN_REPORT, 0);
        }
    }

    void wheel(DeviceSlot device) {
        const std::int32_t value = static_cast<std::int32_t>(below(5)) - 2;
        const bool high_resolution = device == DeviceSlot{kKeyboards};
        if (high_resolution) {
            event(device, EV_REL, one_in(4) ? REL_HWHEEL_HI_RES : REL_WHEEL_HI_RES, value * 50);
        } else {
            event(device, EV_REL, one_in(4) ? REL_HWHEEL : REL_WHEEL, value);
        }
    }

    void cut() {
        switch (below(10)) {
        case 0:
        case 1:
            return enter(below(2));
        case 2:
            return leave();
        case 3:
            return lose_guest();
        case 4:
            return lend(!lent_);
        case 5:
            return unplug(any_device());
        case 6:
            return drop_events(any_device());
        case 7:
            return change_hotkeys();
        case 8:
            return forwarder_.probe(now_);
        default:
            return settle_and_check_motion();
        }
    }

    void enter(unsigned target) {
        if (forwarder_.active() && !one_in(2)) {
            return;
        }
        if (forwarder_.active()) {
            check_log();
        }
        inject_releases();
        begin_session(target);
    }

    void begin_session(unsigned target) {
        if (!guests_[target]) {
            guests_[target] = std::make_unique<StrictGuest>(forwarder_);
        }
        StrictGuest& guest = *guests_[target];
        forwarder_.enter(guest, TargetId{static_cast<std::uint16_t>(target)});
        for (const auto& other : guests_) {
            EXPECT_TRUE(!other || other->nothing_down()) << "after entering";
        }
        current_ = target;
        lent_ = false;
        watching_ = {};
        // The key of a Hold is swallowed everywhere; a sideways wheel presses a key of its own.
        check_.begin(guest, holding_ == 0 && !shifts_wheel_);
    }

    /// What the input thread does before a grab.
    void inject_releases() {
        for (std::size_t i = 0; i < kDevices; ++i) {
            if (one_in(3)) {
                continue; // the node can't be written
            }
            for (std::size_t code = 0; code < KEY_CNT; ++code) {
                if (physical_[i].test(code) && !codes_.test(code)) { // those it presses again
                    physical_[i].reset(code);
                    deliver(DeviceSlot{static_cast<std::uint8_t>(i)},
                            KeyCode{static_cast<std::uint16_t>(code)}, KeyAction::Up);
                }
            }
        }
    }

    void leave() {
        if (!forwarder_.active()) {
            return;
        }
        check_pending_motion();
        StrictGuest& guest = *guests_[current_];
        const std::int64_t dx = guest.dx;
        const std::int64_t dy = guest.dy;
        const bool something_down = !guest.nothing_down();
        const unsigned released = forwarder_.leave(now_);
        EXPECT_EQ(released > 0, something_down);
        EXPECT_EQ(guest.dx, dx) << "leaving sends no motion";
        EXPECT_EQ(guest.dy, dy);
        lent_ = false;
    }

    void lose_guest() {
        if (!forwarder_.active() && !forwarder_.releasing()) {
            return;
        }
        forwarder_.drop_guest();
        EXPECT_FALSE(forwarder_.active());
        EXPECT_FALSE(forwarder_.releasing());
        guests_[current_].reset();
        lent_ = false;
    }

    void lend(bool lent) {
        check_.spoil();
        forwarder_.lend_pointers(lent, now_);
        lent_ = lent && forwarder_.active();
    }

    void unplug(DeviceSlot device) {
        check_.spoil();
        check_.unplugged(device);
        physical_[index(device)].reset();
        forwarder_.on_device_gone(device, now_);
        EXPECT_FALSE(watching_[index(device)]);
    }

    /// SYN_DROPPED: some events of the device are never seen.
    void drop_events(DeviceSlot device) {
        KeySet& physical = physical_[index(device)];
        for (const std::uint16_t code : kKeys) {
            if (index(device) < kKeyboards && one_in(4)) {
                physical.flip(code);
            }
        }
        for (const std::uint16_t code : kButtons) {
            if (index(device) >= kKeyboards && one_in(4)) {
                physical.flip(code);
            }
        }
        forwarder_.on_resync(device, physical, now_);
        check_.spoil(); // also if it led to another session
    }

    void change_hotkeys() {
        if (tables_.size() == kMaxTables) {
            return;
        }
        HotkeyTable& table = tables_.emplace_back();
        const unsigned count = one_in(4) ? 0 : below(6);
        for (unsigned i = 0; i < count; ++i) {
            table.hotkeys.push_back(any_hotkey());
            swallows_unfired_ =
                swallows_unfired_ || table.hotkeys.back().gesture == Gesture::Release;
        }
        forwarder_.set_hotkeys(table);
        EXPECT_EQ(holding_, 0);
        codes_ = table.codes();
    }

    Hotkey any_hotkey() {
        Hotkey hotkey;
        hotkey.gesture = static_cast<Gesture>(below(6));
        hotkey.action = static_cast<HotkeyAction>(below(7));
        hotkey.target = TargetId{static_cast<std::uint16_t>(below(2))};
        hotkey.key_count = hotkey.gesture == Gesture::Chord
                               ? static_cast<std::uint8_t>(2 + below(Hotkey::kMaxKeys - 1))
                               : std::uint8_t{1};
        std::vector<std::uint16_t> codes(kKeys.begin(), kKeys.end());
        codes.push_back(BTN_SIDE);
        std::shuffle(codes.begin(), codes.end(), random_);
        for (std::size_t i = 0; i < hotkey.key_count; ++i) {
            hotkey.keys[i] = KeyCode{codes[i]};
        }
        return hotkey;
    }

    // --- how it reaches the forwarder

    DeviceSlot any_device() { return DeviceSlot{static_cast<std::uint8_t>(below(kDevices))}; }

    /// While inactive the event mask lets only hotkeys through.
    void key(DeviceSlot device, KeyCode code, KeyAction action) {
        if (forwarder_.active() || codes_.test(raw(code)) || watching_[index(device)]) {
            deliver(device, code, action);
        }
    }

    void deliver(DeviceSlot device, KeyCode code, KeyAction action) {
        check_.seen(device, code);
        if (forwarder_.active()) {
            check_.pressed(device, code, action);
        }
        event(device, EV_KEY, raw(code), static_cast<std::int32_t>(action));
    }

    void event(DeviceSlot device, std::uint16_t type, std::uint16_t code, std::int32_t value) {
        forwarder_.on_event(device, Event{now_, type, code, value});
        if (one_in(3)) {
            EXPECT_EQ(forwarder_.flush(), GuestInput::Io::Ok);
        }
        for (const auto& guest : guests_) {
            if (guest) {
                guest->check_nothing_open();
            }
        }
    }

    void after_call() {
        if (forwarder_.deadline() && *forwarder_.deadline() <= now_) {
            forwarder_.on_deadline(now_);
        }
        EXPECT_TRUE(!forwarder_.deadline() || *forwarder_.deadline() > now_);
        for (std::size_t i = 0; i < guests_.size(); ++i) {
            const bool used = (forwarder_.active() || forwarder_.releasing()) && i == current_;
            EXPECT_TRUE(used || !guests_[i] || guests_[i]->nothing_down()) << "guest " << i;
        }
    }

    void acknowledge(bool all) {
        if (!guests_[current_] || !(forwarder_.active() || forwarder_.releasing())) {
            return;
        }
        do {
            const unsigned count = guests_[current_]->take_ack();
            if (count == 0) {
                break;
            }
            forwarder_.on_motion_ack(count, now_);
        } while (all);
        EXPECT_EQ(forwarder_.flush(), GuestInput::Io::Ok);
    }

    // --- what must come of it

    void check_log() {
        const bool has_hotkeys = tables_.size() > 1 || !tables_.back().hotkeys.empty();
        const bool may_swallow = swallows_unfired_ || forwarder_.deadline();
        check_.check_log(*guests_[current_], has_hotkeys, may_swallow);
    }

    /// Motion waits only for acknowledgements.
    void check_pending_motion() {
        const StrictGuest& guest = *guests_[current_];
        if (forwarder_.unacknowledged() < MotionPacer::kMotionWindow) {
            EXPECT_EQ(forwarder_.flush(), GuestInput::Io::Ok);
        }
        if (forwarder_.unacknowledged() < MotionPacer::kMotionWindow) {
            check_.check_motion(guest);
        }
    }

    void settle_and_check_motion() {
        if (!forwarder_.active()) {
            return;
        }
        acknowledge(true);
        const StrictGuest& guest = *guests_[current_];
        for (unsigned i = 0; i < 10'000 && forwarder_.unacknowledged() >= MotionPacer::kBunch;
             ++i) {
            acknowledge(true);
        }
        EXPECT_LT(forwarder_.unacknowledged(), MotionPacer::kBunch);
        check_.check_motion(guest);
    }

    void leave_and_check() {
        now_ += Milliseconds{5000};
        forwarder_.on_deadline(now_);
        if (forwarder_.active()) {
            settle_and_check_motion();
            check_log();
            leave();
        }
        acknowledge(true); // what a guest that was behind is waited for with
        while (forwarder_.releasing() && forwarder_.deadline()) {
            now_ = std::max(now_, *forwarder_.deadline());
            forwarder_.on_deadline(now_);
        }
        EXPECT_FALSE(forwarder_.releasing());
        for (const auto& guest : guests_) {
            EXPECT_TRUE(!guest || guest->nothing_down());
        }
    }

    void release_keys() {
        react_ = false;
        for (std::size_t i = 0; i < kDevices; ++i) {
            const DeviceSlot device{static_cast<std::uint8_t>(i)};
            for (std::size_t code = 0; code < KEY_CNT; ++code) {
                if (physical_[i].test(code)) {
                    key(device, KeyCode{static_cast<std::uint16_t>(code)}, KeyAction::Up);
                }
            }
        }
        now_ += Milliseconds{5000};
        forwarder_.on_deadline(now_);
        EXPECT_EQ(watching_, (std::array<bool, kDevices>{}));
    }

    // --- what the forwarder decides

    void on_hotkey(const Hotkey& hotkey, bool begin) noexcept override {
        check_.hotkey_fired();
        if (hotkey.gesture == Gesture::Hold) {
            holding_ += begin ? 1 : -1;
            EXPECT_GE(holding_, 0);
        } else {
            EXPECT_TRUE(begin);
        }
        EXPECT_TRUE(!begin || forwarder_.active() || hotkey.action != HotkeyAction::Home);
        EXPECT_TRUE(!begin || !forwarder_.active() || hotkey.action != HotkeyAction::Borrow);
        if (react_) {
            react(hotkey, begin);
        }
    }

    /// From inside the forwarder.
    void react(const Hotkey& hotkey, bool begin) {
        if (hotkey.action == HotkeyAction::LendMouse) {
            return lend(begin);
        }
        if (forwarder_.active()) {
            return leave();
        }
        if (begin) {
            begin_session(static_cast<unsigned>(index(hotkey.target)));
            check_.spoil(); // the event that led here may reach the guest
        }
    }

    void on_panic_chord() noexcept override {
        EXPECT_TRUE(forwarder_.active());
        check_.hotkey_fired();
        leave();
    }

    void on_watch_all_keys(DeviceSlot device, bool all) noexcept override {
        EXPECT_FALSE(forwarder_.active());
        EXPECT_NE(watching_[index(device)], all);
        watching_[index(device)] = all;
    }

    std::mt19937 random_;
    TimePoint now_{Milliseconds{1000}};
    bool react_ = false;
    bool shifts_wheel_ = false;
    std::vector<HotkeyTable> tables_;
    bool swallows_unfired_ = false; ///< by a Release hotkey, before it fires
    KeySet codes_;
    std::array<KeySet, kDevices> physical_; ///< what the fingers hold
    std::array<bool, kDevices> watching_{};
    int holding_ = 0;

    std::array<std::unique_ptr<StrictGuest>, 2> guests_;
    std::size_t current_ = 0;
    bool lent_ = false;

    SessionCheck check_;
    Forwarder forwarder_{*this};
};

TEST(ForwarderProperty, WhateverHappensNothingStaysDownAndNoOrderOrMotionIsLost) {
    constexpr unsigned kSeeds = 5000;
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Life(seed).run(150);
        if (HasFailure()) {
            return;
        }
    }
}

} // namespace

} // namespace spicykvm::core::test
