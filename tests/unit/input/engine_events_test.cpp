// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"

namespace spicykvm::input::test {
namespace {

using core::Gesture;
using core::HotkeyAction;

class EngineEvents : public EngineTest {};

TEST_F(EngineEvents, InactiveNothingButHotkeysComesThrough) {
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    for (int i = 0; i < 100; ++i) {
        keyboard->type(KEY_A);
        mouse->move(1, 1);
        mouse->press(BTN_LEFT);
        mouse->release(BTN_LEFT);
    }
    turn();
    EXPECT_EQ(link_.metrics.events_read.load(), 0U);
    EXPECT_EQ(keyboard->pressed_on_host().size(), 100U);
}

TEST_F(EngineEvents, SeesAllKeysOnlyWhileATapIsUndecided) {
    const auto keyboard = add_keyboard();
    const auto other = add_keyboard(2);
    const NodeMask hotkeys{NodeMask::Keys::Hotkeys, false};
    keyboard->press(KEY_RIGHTCTRL);
    turn();
    EXPECT_EQ(keyboard->mask(), (NodeMask{NodeMask::Keys::All, false}));
    EXPECT_EQ(other->mask(), hotkeys);
    keyboard->type(KEY_C);
    turn();
    EXPECT_EQ(keyboard->mask(), hotkeys) << "Ctrl+C is no tap";
    keyboard->release(KEY_RIGHTCTRL);
    turn();
    EXPECT_FALSE(reported<report::Hotkey>());
}

TEST_F(EngineEvents, NarrowsTheMaskWhenTheTapTakesTooLong) {
    const auto keyboard = add_keyboard();
    keyboard->press(KEY_RIGHTCTRL);
    turn();
    pass(Milliseconds(300));
    EXPECT_EQ(keyboard->mask(), (NodeMask{NodeMask::Keys::Hotkeys, false}));
}

TEST_F(EngineEvents, AnUndecidedTapIsForgottenByASwitch) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    keyboard->press(KEY_RIGHTCTRL);
    turn();
    enter(); // over D-Bus
    leave();
    EXPECT_EQ(keyboard->mask(), (NodeMask{NodeMask::Keys::Hotkeys, false}));
    keyboard->release(KEY_RIGHTCTRL);
    turn();
    EXPECT_FALSE(reported<report::Hotkey>());
    EXPECT_EQ(keyboard->down_on_host(), Keys{});
}

TEST_F(EngineEvents, ReportsAHotkeyWithItsConfiguration) {
    const auto keyboard = add_keyboard();
    keyboard->type(KEY_RIGHTCTRL);
    turn();
    const auto fired = reported<report::Hotkey>();
    ASSERT_TRUE(fired);
    EXPECT_TRUE(fired->begin);
    EXPECT_EQ(fired->hotkey, usual_hotkeys().hotkeys[0]);
    EXPECT_EQ(fired->generation, 0U);
}

TEST_F(EngineEvents, DropsHotkeysThatNobodyTakes) {
    const auto keyboard = add_keyboard();
    for (int i = 0; i < 1000; ++i) {
        keyboard->type(KEY_RIGHTCTRL);
        engine_->run_once(Milliseconds(0));
    }
    EXPECT_EQ(link_.hotkeys_under_way.load(), ThreadLink::kMaxHotkeysUnderWay);
}

TEST_F(EngineEvents, SendsOneBatchWithOneFlush) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    enter();
    const auto before = link_.metrics.flushes.load();
    for (const int code : {KEY_H, KEY_E, KEY_L}) {
        keyboard->type(code);
    }
    turn();
    EXPECT_EQ(guest.take(), "+35 -35 +18 -18 +38 -38");
    EXPECT_EQ(link_.metrics.flushes.load(), before + 1);
    EXPECT_EQ(link_.metrics.events_read.load(), 12U);
}

TEST_F(EngineEvents, MeasuresFromTheEventToTheSend) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    enter();
    keyboard->press(KEY_A);
    FakeClock::advance(Microseconds(100));
    turn();
    EXPECT_EQ(link_.metrics.latency.count(), 1U);
    EXPECT_EQ(link_.metrics.latency.max(), Microseconds(100));
}

TEST_F(EngineEvents, AcksOpenTheMotionWindow) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    enter();
    for (int i = 0; i < 20; ++i) {
        mouse->move(1, 0);
        turn();
    }
    EXPECT_EQ(guest.take(), "move(1,0) move(1,0) move(1,0) move(1,0) move(1,0) move(1,0)");
    EXPECT_EQ(link_.metrics.motions_in_flight.load(), 7U);
    guest.acknowledge();
    turn();
    EXPECT_EQ(guest.take(), "move(14,0)") << "what waited, in one";
}

TEST_F(EngineEvents, AcksOfAnotherGuestCountForNothing) {
    FakeGuest guest;
    FakeGuest other;
    add_guest(guest);
    add_guest(other, kOther);
    const auto keyboard = add_keyboard();
    enter();
    other.acknowledge();
    turn();
    EXPECT_EQ(link_.metrics.motions_in_flight.load(), 1U);
}

TEST_F(EngineEvents, ReadsFromGuestsThatAreNotActive) {
    FakeGuest guest;
    add_guest(guest);
    guest.show({});
    turn();
    EXPECT_GE(guest.receives(), 1U);
}

TEST_F(EngineEvents, ReportsAnInactiveGuestThatIsLost) {
    FakeGuest guest;
    add_guest(guest, kOther, 7);
    guest.close();
    turn();
    EXPECT_EQ(reports_.size(), 1U);
    const auto lost = reported<report::GuestLost>();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->target, kOther);
    EXPECT_EQ(lost->generation, 7U);
}

TEST_F(EngineEvents, ANewConnectionReplacesTheOldOne) {
    FakeGuest old_guest;
    FakeGuest new_guest;
    add_guest(old_guest);
    add_guest(new_guest, kTarget, 2);
    EXPECT_EQ(kinds(), "Retired");
    EXPECT_FALSE(old_guest.connected());
    const auto keyboard = add_keyboard();
    enter();
    keyboard->press(KEY_A);
    turn();
    EXPECT_EQ(new_guest.take(), "+30");
}

TEST_F(EngineEvents, RefusesMoreGuestsThanThereMayBeTargets) {
    std::vector<std::unique_ptr<FakeGuest>> guests;
    for (std::size_t i = 0; i <= GuestTable::kMaxGuests; ++i) {
        guests.push_back(std::make_unique<FakeGuest>());
        add_guest(*guests.back(), core::TargetId{static_cast<std::uint16_t>(i)});
    }
    EXPECT_EQ(kinds(), "GuestLost");
}

TEST_F(EngineEvents, AfterAnOverflowReleasesWhatWentUpMeanwhile) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    enter();
    keyboard->press(KEY_A);
    keyboard->press(KEY_B);
    turn();
    keyboard->release(KEY_A);
    keyboard->overflow();
    turn();
    EXPECT_EQ(guest.take(), "+30 +48 -30");
    EXPECT_EQ(link_.metrics.events_dropped.load(), 1U);
    keyboard->release(KEY_B);
    turn();
    EXPECT_FALSE(guest.anything_down());
}

TEST_F(EngineEvents, AfterAnOverflowWhileInactiveOnlyHotkeyKeysCount) {
    const auto keyboard = add_keyboard();
    keyboard->press(KEY_A);
    keyboard->overflow();
    turn();
    keyboard->release(KEY_A); // is not seen
    keyboard->type(KEY_RIGHTCTRL);
    turn();
    EXPECT_TRUE(reported<report::Hotkey>()) << "a tap alone";
}

TEST_F(EngineEvents, LendsThePointerAndTakesItBack) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    enter();
    mouse->move(1, 1);
    turn();
    mouse->press(BTN_LEFT);
    turn();
    send(command::LendPointers{true});
    turn();
    EXPECT_FALSE(mouse->grabbed());
    EXPECT_EQ(mouse->mask(), NodeMask{});
    EXPECT_TRUE(keyboard->grabbed());
    mouse->release(BTN_LEFT);
    mouse->move(9, 9);
    mouse->press(BTN_RIGHT);
    keyboard->type(KEY_A);
    turn();
    EXPECT_EQ(guest.take(), "move(1,1) +button1 -button1 +30 -30");
    send(command::LendPointers{false});
    turn();
    EXPECT_TRUE(mouse->grabbed());
    EXPECT_EQ(mouse->down_on_host(), Keys{}) << "the button that is held now";
    mouse->release(BTN_RIGHT);
    mouse->move(2, 2);
    turn();
    EXPECT_EQ(guest.take(), "move(2,2)");
}

TEST_F(EngineEvents, LeavesWithTheMouseLent) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    enter();
    mouse->move(1, 1);
    turn();
    send(command::LendPointers{true});
    turn();
    leave();
    EXPECT_FALSE(mouse->grabbed());
    enter();
    EXPECT_TRUE(mouse->grabbed()) << "lent no more";
}

TEST_F(EngineEvents, LendingWhileInactiveIsNothing) {
    const auto mouse = add_mouse();
    send(command::LendPointers{true});
    turn();
    EXPECT_EQ(kinds(), "");
}

TEST_F(EngineEvents, NewHotkeysCountAtOnceAlsoWhileActive) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    enter();
    auto settings =
        config({.hotkeys = {hotkey(Gesture::Press, HotkeyAction::Home, {KEY_F11})}, .timing = {}});
    settings->generation = 5;
    send(command::Configure{},
         Cargo{.node = nullptr, .guest = nullptr, .config = std::move(settings)});
    turn();
    EXPECT_EQ(kinds(), "Entered Retired");
    keyboard->type(KEY_PAUSE);
    turn();
    EXPECT_EQ(guest.take(), "+119 -119") << "an ordinary key now";
    keyboard->press(KEY_F11);
    turn();
    EXPECT_TRUE(reported<report::Left>());
    EXPECT_FALSE(keyboard->grabbed());
    keyboard->release(KEY_F11);
    keyboard->type(KEY_PAUSE);
    turn();
    const auto before = link_.metrics.events_read.load();
    keyboard->type(KEY_PAUSE);
    turn();
    EXPECT_EQ(link_.metrics.events_read.load(), before) << "the mask is the new one's";
}

TEST_F(EngineEvents, ANewConfigurationEndsABorrowing) {
    start(
        {.hotkeys = {hotkey(Gesture::Hold, HotkeyAction::Borrow, {KEY_RIGHTCTRL})}, .timing = {}});
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    keyboard->press(KEY_RIGHTCTRL);
    turn();
    pass(Milliseconds(300));
    enter();
    send(command::Configure{},
         Cargo{.node = nullptr, .guest = nullptr, .config = config(usual_hotkeys())});
    turn();
    EXPECT_TRUE(reported<report::Left>());
    EXPECT_FALSE(keyboard->grabbed());
}

TEST_F(EngineEvents, ForwardingSettingsAreThoseOfTheTarget) {
    auto settings = config(usual_hotkeys());
    settings->forwarding = {{}, {.max_delta = 127, .horizontal_wheel_as_shift = false}};
    send(command::Configure{},
         Cargo{.node = nullptr, .guest = nullptr, .config = std::move(settings)});
    FakeGuest guest;
    add_guest(guest, kOther);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    enter(kOther);
    mouse->move(200, 0);
    turn();
    EXPECT_EQ(guest.take(), "move(127,0) move(73,0)");
}

TEST_F(EngineEvents, AChangedPlanChangesTheMask) {
    const auto mouse = add_mouse();
    NodePlan plan = mouse_plan(2);
    plan.listens = true;
    send(command::PlanNode{slot_of(*mouse), plan});
    turn();
    EXPECT_EQ(mouse->mask(), (NodeMask{NodeMask::Keys::Hotkeys, false}));
}

TEST_F(EngineEvents, CommandsForWhatIsGoneAreIgnored) {
    send(command::PlanNode{core::DeviceSlot{5}, {}});
    send(command::RemoveNode{core::DeviceSlot{5}, core::LeaveReason::Reload});
    send(command::RemoveGuest{kOther});
    turn();
    EXPECT_EQ(kinds(), "");
}

} // namespace
} // namespace spicykvm::input::test
