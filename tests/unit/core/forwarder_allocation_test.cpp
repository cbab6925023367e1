// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/forwarder.h"
#include "test_guests.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

// Counts every allocation of this program through operator new.

namespace {

unsigned long allocations = 0;

void* allocate(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) {
        return memory;
    }
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace spicykvm::core {

namespace {

class Observer final : public ForwarderObserver {
  public:
    unsigned calls = 0;
    void on_hotkey(const Hotkey&, bool) noexcept override { ++calls; }
    void on_panic_chord() noexcept override { ++calls; }
    void on_watch_all_keys(DeviceSlot, bool) noexcept override { ++calls; }
};

HotkeyTable all_gestures() {
    HotkeyTable table;
    for (const Gesture gesture : {Gesture::Tap, Gesture::Double, Gesture::Hold}) {
        table.hotkeys.push_back({.gesture = gesture, .keys = {KeyCode{KEY_RIGHTCTRL}}});
    }
    table.hotkeys.push_back({.gesture = Gesture::Press, .keys = {KeyCode{KEY_PAUSE}}});
    table.hotkeys.push_back({.gesture = Gesture::Release, .keys = {KeyCode{KEY_F24}}});
    table.hotkeys.push_back({.gesture = Gesture::Chord,
                             .key_count = 2,
                             .keys = {KeyCode{KEY_LEFTMETA}, KeyCode{KEY_F12}}});
    return table;
}

/// Every function of the forwarder but the constructor and set_hotkeys().
void use(Forwarder& forwarder, test::NullGuest& guest) {
    TimePoint now{Milliseconds{1000}};
    const auto event = [&](unsigned device, std::uint16_t type, int code, int value) {
        now += Milliseconds{7};
        forwarder.on_event(DeviceSlot{static_cast<std::uint8_t>(device)},
                           Event{now, type, static_cast<std::uint16_t>(code), value});
    };
    forwarder.enter(guest, TargetId{0});
    for (unsigned round = 0; round < 40; ++round) {
        for (const int code : {KEY_A, KEY_RIGHTCTRL, KEY_RIGHTCTRL, KEY_PAUSE, KEY_F24,
                               KEY_LEFTMETA, KEY_F12, KEY_LEFTSHIFT}) {
            event(round % 2, EV_KEY, code, 1);
            event(round % 2, EV_KEY, code, 2);
            now += Milliseconds{round * 20};
            forwarder.on_deadline(now);
            event(round % 2, EV_KEY, code, round % 5 == 0 ? 1 : 0);
            event(round % 2, EV_SYN, SYN_REPORT, 0);
        }
        event(2, EV_REL, REL_X, 300);
        event(2, EV_REL, REL_WHEEL, 3);
        event(2, EV_KEY, BTN_LEFT, round % 3 == 0 ? 1 : 0);
        event(2, EV_SYN, SYN_REPORT, 0);
        forwarder.on_motion_ack(4, now);
        (void)forwarder.flush();
        forwarder.probe(now);
        forwarder.lend_pointers(round % 4 == 0, now);
        forwarder.on_resync(DeviceSlot{0}, KeySet{}.set(KEY_S), now);
        forwarder.on_device_gone(DeviceSlot{1}, now);
        (void)forwarder.deadline();
        if (round % 10 == 9) {
            forwarder.leave(now);
            forwarder.on_deadline(now + Milliseconds{100});
            event(0, EV_KEY, KEY_RIGHTCTRL, 1);
            event(0, EV_KEY, KEY_RIGHTCTRL, 0);
            forwarder.enter(guest, TargetId{1});
        }
    }
    forwarder.drop_guest();
}

TEST(ForwarderAllocation, NothingIsAllocatedForEventsAndSwitches) {
    Observer observer;
    test::NullGuest guest;
    const HotkeyTable table = all_gestures();
    const unsigned long before_setup = allocations;
    Forwarder forwarder(observer, {.max_delta = 127, .horizontal_wheel_as_shift = true});
    forwarder.set_hotkeys(table);
    ASSERT_GT(allocations, before_setup) << "the counter counts";

    const unsigned long before = allocations;
    use(forwarder, guest);
    EXPECT_EQ(allocations, before);
    EXPECT_GT(observer.calls, 50U);
    EXPECT_GT(guest.messages, 500U);
}

} // namespace

} // namespace spicykvm::core
