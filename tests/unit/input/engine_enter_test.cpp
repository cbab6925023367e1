// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"

namespace spicykvm::input::test {
namespace {

using Cause = report::EnterFailed::Cause;
using What = report::NodeTrouble::What;

class EngineEnter : public EngineTest {};

TEST_F(EngineEnter, FailsWithoutAConnection) {
    const auto keyboard = add_keyboard();
    enter();
    const auto failed = reported<report::EnterFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->serial, serial_);
    EXPECT_EQ(failed->cause, Cause::NotConnected);
    EXPECT_FALSE(keyboard->grabbed());
}

TEST_F(EngineEnter, FailsWithoutAKeyboardAndGivesTheMouseBack) {
    FakeGuest guest;
    add_guest(guest);
    NodePlan plan = mouse_plan(2);
    plan.selected = true;
    const auto mouse = add(FakeDevice::mouse("/dev/input/event9"), plan);
    enter();
    const auto failed = reported<report::EnterFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->cause, Cause::NoKeyboard);
    EXPECT_FALSE(mouse->grabbed());
    EXPECT_EQ(mouse->mask(), NodeMask{});
    EXPECT_EQ(guest.take(), "");
}

TEST_F(EngineEnter, FailsWhenTheKeyboardIsBusyAndGivesTheRestBack) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    NodePlan plan = mouse_plan(2);
    plan.selected = true;
    const auto mouse = add(FakeDevice::mouse("/dev/input/event9"), plan);
    keyboard->grab_error = std::errc::device_or_resource_busy;
    enter();
    const auto failed = reported<report::EnterFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->cause, Cause::GrabRefused);
    EXPECT_EQ(failed->error, std::errc::device_or_resource_busy);
    const auto trouble = reported<report::NodeTrouble>();
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->slot, slot_of(*keyboard));
    EXPECT_EQ(trouble->what, What::GrabFailed);
    EXPECT_FALSE(mouse->grabbed());
    EXPECT_EQ(keyboard->mask(), (NodeMask{NodeMask::Keys::Hotkeys, false}));
}

TEST_F(EngineEnter, IsTriedAgainAfterABusyKeyboard) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    keyboard->grab_error = std::errc::device_or_resource_busy;
    enter();
    keyboard->grab_error = {};
    enter();
    EXPECT_TRUE(reported<report::Entered>());
    EXPECT_TRUE(keyboard->grabbed());
}

TEST_F(EngineEnter, ReportsWhatItGrabbed) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto busy = add_keyboard(7);
    busy->grab_error = std::errc::device_or_resource_busy;
    keyboard->press(KEY_W);
    keyboard->press(KEY_LEFTSHIFT);
    send(command::Enter{kTarget, 42, FakeClock::now()});
    FakeClock::advance(Microseconds(300));
    turn();
    const auto entered = reported<report::Entered>();
    ASSERT_TRUE(entered);
    EXPECT_EQ(entered->serial, 42U);
    EXPECT_EQ(entered->result.keyboards, 1U);
    EXPECT_EQ(entered->result.pointers, 0U);
    EXPECT_EQ(entered->result.released, 2U);
    EXPECT_EQ(entered->result.failed, 1U);
    EXPECT_EQ(entered->result.elapsed, Microseconds(300));
    EXPECT_EQ(link_.grabbed.load(), 1U << index(slot_of(*keyboard)));
}

TEST_F(EngineEnter, ReleasesHeldKeysForTheHostAndKeepsThemFromTheGuest) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    keyboard->press(KEY_W);
    enter();
    EXPECT_EQ(keyboard->down_on_host(), Keys{});
    keyboard->release(KEY_W);
    keyboard->type(KEY_A);
    turn();
    EXPECT_EQ(guest.take(), "+30 -30");
    EXPECT_EQ(keyboard->pressed_on_host(), Keys{KEY_W});
}

TEST_F(EngineEnter, MendsAKeyThatIsPressedJustBeforeTheGrab) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    bool once = true;
    keyboard->before_grab = [&] {
        if (std::exchange(once, false)) {
            keyboard->press(KEY_B);
        }
    };
    enter();
    EXPECT_TRUE(keyboard->grabbed());
    EXPECT_EQ(keyboard->down_on_host(), Keys{});
    keyboard->release(KEY_B);
    turn();
    EXPECT_EQ(guest.take(), "");
}

TEST_F(EngineEnter, SaysSoWhenKeysGoOnBeingPressedAtTheGrab) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    int code = KEY_1;
    keyboard->before_grab = [&] { keyboard->press(code++); };
    enter();
    EXPECT_TRUE(reported<report::Entered>());
    const auto trouble = reported<report::NodeTrouble>();
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->what, What::HeldKeysKept);
}

TEST_F(EngineEnter, ForwardsNothingThatWasQueuedBeforeTheGrab) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    NodePlan plan = mouse_plan(2);
    plan.selected = true;
    const auto mouse = add(FakeDevice::mouse("/dev/input/event9"), plan);
    mouse->before_grab = [&] {
        mouse->move(50, 50);
        FakeClock::advance(Microseconds(1));
    };
    enter();
    mouse->move(1, 1);
    turn();
    EXPECT_EQ(mouse->motions_on_host(), 1U);
    EXPECT_EQ(guest.take(), "move(1,1)");
}

TEST_F(EngineEnter, WaitsForKeysThatItCannotRelease) {
    FakeGuest guest;
    add_guest(guest);
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event9");
    identity.writable = false;
    const auto keyboard = add(identity, keyboard_plan(1));
    keyboard->press(KEY_W);
    enter();
    EXPECT_EQ(kinds(), "");
    EXPECT_FALSE(keyboard->grabbed());
    keyboard->release(KEY_W);
    turn();
    EXPECT_EQ(kinds(), "Entered");
    EXPECT_TRUE(keyboard->grabbed());
    EXPECT_EQ(keyboard->down_on_host(), Keys{});
}

TEST_F(EngineEnter, AKeyboardThatComesWhileItWaitsIsGrabbedToo) {
    FakeGuest guest;
    add_guest(guest);
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event9");
    identity.writable = false;
    const auto keyboard = add(identity, keyboard_plan(1));
    keyboard->press(KEY_W);
    enter();
    const auto late = add_keyboard(2);
    EXPECT_FALSE(late->grabbed());
    keyboard->release(KEY_W);
    turn();
    EXPECT_TRUE(late->grabbed());
}

TEST_F(EngineEnter, GrabsAtTheDeadlineAndSaysThatKeysAreKept) {
    FakeGuest guest;
    add_guest(guest);
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event9");
    identity.writable = false;
    const auto keyboard = add(identity, keyboard_plan(1));
    keyboard->press(KEY_W);
    enter();
    pass(Milliseconds(495));
    EXPECT_FALSE(keyboard->grabbed());
    pass(Milliseconds(10));
    EXPECT_TRUE(keyboard->grabbed());
    EXPECT_EQ(kinds(), "NodeTrouble Entered");
}

TEST_F(EngineEnter, GivesUpWaitingWhenLeftMeanwhile) {
    FakeGuest guest;
    add_guest(guest);
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event9");
    identity.writable = false;
    const auto keyboard = add(identity, keyboard_plan(1));
    keyboard->press(KEY_W);
    enter();
    leave();
    EXPECT_EQ(kinds(), "EnterFailed Left");
    keyboard->release(KEY_W);
    pass(Milliseconds(600));
    EXPECT_FALSE(keyboard->grabbed());
    EXPECT_EQ(keyboard->mask(), (NodeMask{NodeMask::Keys::Hotkeys, false}));
}

TEST_F(EngineEnter, GivesUpWaitingWhenTheGuestIsLost) {
    FakeGuest guest;
    add_guest(guest);
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event9");
    identity.writable = false;
    const auto keyboard = add(identity, keyboard_plan(1));
    keyboard->press(KEY_W);
    enter();
    guest.close();
    turn();
    EXPECT_EQ(kinds(), "EnterFailed GuestLost");
    EXPECT_FALSE(keyboard->grabbed());
}

TEST_F(EngineEnter, ALaterRequestReplacesOneThatWaits) {
    FakeGuest guest;
    FakeGuest other;
    add_guest(guest);
    add_guest(other, kOther);
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event9");
    identity.writable = false;
    const auto keyboard = add(identity, keyboard_plan(1));
    keyboard->press(KEY_W);
    enter();
    enter(kOther);
    const auto failed = reported<report::EnterFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->serial, serial_ - 1);
    EXPECT_EQ(failed->cause, Cause::Cancelled);
    keyboard->release(KEY_W);
    turn();
    keyboard->type(KEY_A);
    turn();
    EXPECT_EQ(guest.take(), "");
    EXPECT_EQ(other.take(), "+30 -30");
}

TEST_F(EngineEnter, ByHotkeyGrabsTheKeyboardThatPressedIt) {
    FakeGuest guest;
    add_guest(guest);
    const auto first = add_keyboard(1);
    const auto second = add_keyboard(2);
    second->press(KEY_RIGHTCTRL);
    turn();
    second->release(KEY_RIGHTCTRL);
    turn();
    EXPECT_TRUE(reported<report::Hotkey>());
    enter();
    EXPECT_FALSE(first->grabbed());
    EXPECT_TRUE(second->grabbed());
}

TEST_F(EngineEnter, ByRequestGrabsEveryKeyboard) {
    FakeGuest guest;
    add_guest(guest);
    const auto first = add_keyboard(1);
    const auto second = add_keyboard(2);
    enter();
    EXPECT_TRUE(first->grabbed());
    EXPECT_TRUE(second->grabbed());
}

TEST_F(EngineEnter, AHotkeyLongAgoDoesNotCount) {
    FakeGuest guest;
    add_guest(guest);
    const auto first = add_keyboard(1);
    const auto second = add_keyboard(2);
    second->type(KEY_RIGHTCTRL);
    turn();
    FakeClock::advance(std::chrono::minutes(1));
    enter();
    EXPECT_TRUE(first->grabbed());
    EXPECT_TRUE(second->grabbed());
}

TEST_F(EngineEnter, GrabsAllNodesOfTheKeyboard) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard(1);
    NodePlan plan = keyboard_plan(1);
    plan.keyboard = false;
    plan.listens = false;
    const auto media = add(FakeDevice::keyboard("/dev/input/event8"), plan);
    keyboard->type(KEY_RIGHTCTRL);
    turn();
    enter();
    EXPECT_TRUE(keyboard->grabbed());
    EXPECT_TRUE(media->grabbed());
    media->type(KEY_VOLUMEUP);
    turn();
    EXPECT_EQ(guest.take(), "+115 -115");
}

TEST_F(EngineEnter, ASecondKeyboardJoinsWithItsHotkeyKey) {
    FakeGuest guest;
    add_guest(guest);
    const auto first = add_keyboard(1);
    const auto second = add_keyboard(2);
    first->type(KEY_RIGHTCTRL);
    turn();
    enter();
    second->type(KEY_A);
    turn();
    EXPECT_FALSE(second->grabbed()) << "what it types is the host's";
    EXPECT_EQ(guest.take(), "");
    second->press(KEY_RIGHTCTRL);
    turn();
    EXPECT_TRUE(second->grabbed());
    EXPECT_EQ(second->down_on_host(), Keys{});
    second->release(KEY_RIGHTCTRL);
    turn();
    EXPECT_EQ(reported<report::Left>()->result.reason, core::LeaveReason::Hotkey);
    EXPECT_FALSE(first->grabbed());
    EXPECT_FALSE(second->grabbed());
    EXPECT_EQ(second->down_on_host(), Keys{});
    EXPECT_EQ(guest.take(), "");
}

TEST_F(EngineEnter, APointerFollowsAtItsFirstMotionWhichIsForTheGuestToo) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse(2);
    const auto resting = add_mouse(3);
    enter();
    EXPECT_FALSE(mouse->grabbed());
    EXPECT_EQ(mouse->mask(), (NodeMask{NodeMask::Keys::None, true}));
    mouse->move(3, 4);
    turn();
    EXPECT_TRUE(mouse->grabbed());
    EXPECT_FALSE(resting->grabbed());
    mouse->move(1, 1);
    mouse->press(BTN_LEFT);
    turn();
    EXPECT_EQ(guest.take(), "move(3,4) move(1,1) +button1");
    EXPECT_EQ(mouse->motions_on_host(), 1U);
    EXPECT_EQ(mouse->down_on_host(), Keys{});
}

TEST_F(EngineEnter, APointerThatWasUsedIsGrabbedAtOnceNextTime) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    enter();
    mouse->move(3, 4);
    turn();
    leave();
    EXPECT_FALSE(mouse->grabbed());
    EXPECT_EQ(mouse->mask(), NodeMask{});
    enter();
    EXPECT_TRUE(mouse->grabbed());
    EXPECT_EQ(reported<report::Entered>()->result.pointers, 1U);
}

TEST_F(EngineEnter, AHeldButtonIsReleasedForTheHostWhenThePointerFollows) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    mouse->press(BTN_LEFT);
    enter();
    mouse->move(1, 0);
    turn();
    EXPECT_EQ(mouse->down_on_host(), Keys{});
    mouse->release(BTN_LEFT);
    turn();
    EXPECT_EQ(guest.take(), "move(1,0)");
}

TEST_F(EngineEnter, APointerThatIsBusyIsTriedOnceAndNotForwarded) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    const auto mouse = add_mouse();
    mouse->grab_error = std::errc::device_or_resource_busy;
    enter();
    kinds();
    for (int i = 0; i < 10; ++i) {
        mouse->move(1, 0);
        turn();
    }
    EXPECT_EQ(kinds(), "NodeTrouble");
    EXPECT_EQ(guest.take(), "move(1,0)") << "the first, which was read before the grab";
    EXPECT_EQ(mouse->mask(), NodeMask{});
}

TEST_F(EngineEnter, AChosenKeyboardThatIsPluggedInLaterIsGrabbedAtOnce) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard(1);
    enter();
    const auto late = add_keyboard(5);
    EXPECT_TRUE(late->grabbed());
    late->type(KEY_Z);
    turn();
    EXPECT_EQ(guest.take(), "+44 -44");
}

TEST_F(EngineEnter, WhileActiveGoesOnToAnotherGuestWithoutLettingGo) {
    FakeGuest guest;
    FakeGuest other;
    add_guest(guest);
    add_guest(other, kOther);
    const auto keyboard = add_keyboard();
    enter();
    bool ungrabbed = false;
    keyboard->on_ungrab = [&] { ungrabbed = true; };
    keyboard->press(KEY_A);
    turn();
    enter(kOther);
    EXPECT_FALSE(ungrabbed);
    keyboard->release(KEY_A);
    keyboard->type(KEY_B);
    turn();
    EXPECT_EQ(guest.take(), "+30 -30");
    EXPECT_EQ(other.take(), "+48 -48");
}

TEST_F(EngineEnter, ShowsTheGuestsLedsAndTheHostsAfterwards) {
    FakeGuest guest;
    add_guest(guest);
    guest.show({.num = false, .caps = true, .scroll = false});
    turn();
    const auto keyboard = add_keyboard();
    keyboard->leds = {.num = true, .caps = false, .scroll = false};
    enter();
    EXPECT_EQ(keyboard->leds, (core::LedState{.num = false, .caps = true, .scroll = false}));
    guest.show({});
    turn();
    EXPECT_EQ(keyboard->leds, core::LedState{});
    leave();
    EXPECT_EQ(keyboard->leds, (core::LedState{.num = true, .caps = false, .scroll = false}));
    EXPECT_EQ(keyboard->leds_written().size(), 3U);
}

TEST_F(EngineEnter, LeavesTheLedsAloneWhenTheGuestSaysNothing) {
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard();
    enter();
    leave();
    EXPECT_TRUE(keyboard->leds_written().empty());
}

TEST_F(EngineEnter, IgnoresTheLedsOfAGuestThatIsNotActive) {
    FakeGuest guest;
    FakeGuest other;
    add_guest(guest);
    add_guest(other, kOther);
    const auto keyboard = add_keyboard();
    enter();
    other.show({.num = false, .caps = true, .scroll = false});
    turn();
    EXPECT_TRUE(keyboard->leds_written().empty());
}

TEST_F(EngineEnter, ReportsAMaskThatTheKernelRefuses) {
    auto device =
        std::make_shared<FakeDevice>(FakeDevice::keyboard("/dev/input/event9"), FakeClock::now);
    device->mask_error = std::errc::invalid_argument;
    send(command::AddNode{core::DeviceSlot{0}, keyboard_plan(1)},
         Cargo{.node = device->open(), .guest = nullptr, .config = nullptr});
    turn();
    const auto trouble = reported<report::NodeTrouble>();
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->what, What::MaskFailed);
}

} // namespace
} // namespace spicykvm::input::test
