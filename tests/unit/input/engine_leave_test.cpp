// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"

namespace spicykvm::input::test {
namespace {

using core::Gesture;
using core::HotkeyAction;
using core::LeaveReason;

/// Active, with a key down on the guest.
class EngineLeave : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        add_guest(guest_);
        keyboard_ = add_keyboard(1);
        mouse_ = add_mouse(2);
        go_active();
    }

    void go_active() {
        enter();
        mouse_->move(1, 1);
        keyboard_->press(KEY_A);
        turn();
        ASSERT_TRUE(guest_.anything_down());
        ASSERT_TRUE(mouse_->grabbed());
        kinds();
    }

    /// Everything is as if nothing had been: on both sides.
    void expect_home(LeaveReason reason) {
        const auto left = reported<report::Left>();
        ASSERT_TRUE(left);
        EXPECT_EQ(left->result.reason, reason);
        EXPECT_FALSE(keyboard_->grabbed());
        EXPECT_FALSE(mouse_->grabbed());
        EXPECT_EQ(link_.grabbed.load(), 0U);
        EXPECT_EQ(link_.heartbeat.load(), 0);
        EXPECT_EQ(keyboard_->down_on_host(), Keys{});
        EXPECT_EQ(keyboard_->mask(), (NodeMask{NodeMask::Keys::Hotkeys, false}));
        EXPECT_EQ(mouse_->mask(), NodeMask{});
        const auto seen = keyboard_->pressed_on_host().size();
        keyboard_->type(KEY_H);
        EXPECT_EQ(keyboard_->pressed_on_host().size(), seen + 1) << "the host has the keyboard";
    }

    FakeGuest guest_;
    std::shared_ptr<FakeDevice> keyboard_;
    std::shared_ptr<FakeDevice> mouse_;
};

TEST_F(EngineLeave, OnRequest) {
    leave(LeaveReason::Request);
    expect_home(LeaveReason::Request);
    EXPECT_FALSE(guest_.anything_down());
}

TEST_F(EngineLeave, CountsWhatItReleases) {
    keyboard_->press(KEY_B);
    mouse_->press(BTN_LEFT);
    turn();
    leave();
    EXPECT_EQ(reported<report::Left>()->result.released, 3U);
    EXPECT_FALSE(guest_.anything_down());
}

TEST_F(EngineLeave, ReleasesManyKeysInSteps) {
    for (const int code : {KEY_B, KEY_C, KEY_D, KEY_E, KEY_F, KEY_G}) {
        keyboard_->press(code);
    }
    turn();
    leave();
    EXPECT_TRUE(guest_.anything_down());
    pass(Milliseconds(50));
    EXPECT_FALSE(guest_.anything_down());
}

TEST_F(EngineLeave, IsAnsweredEvenIfNothingWasGrabbed) {
    leave();
    kinds();
    leave(LeaveReason::Shutdown);
    const auto left = reported<report::Left>();
    ASSERT_TRUE(left);
    EXPECT_EQ(left->result.reason, LeaveReason::Shutdown);
    EXPECT_EQ(left->result.released, 0U);
}

TEST_F(EngineLeave, MeasuresFromTheDecisionToTheLastUngrab) {
    keyboard_->on_ungrab = [] { FakeClock::advance(Milliseconds(30)); };
    send(command::Leave{LeaveReason::Request, FakeClock::now()});
    FakeClock::advance(Microseconds(200));
    turn();
    const auto took = reported<report::Left>()->result.ungrab;
    EXPECT_GE(took, Microseconds(200));
    EXPECT_LE(took, Milliseconds(31));
    EXPECT_EQ(link_.metrics.ungrab_us.load(), static_cast<std::uint64_t>(took.count()));
}

TEST_F(EngineLeave, ByPanicChordInWhateverOrder) {
    keyboard_->press(KEY_ENTER);
    keyboard_->press(KEY_BACKSPACE);
    turn();
    EXPECT_TRUE(keyboard_->grabbed());
    keyboard_->press(KEY_ESC);
    turn();
    EXPECT_EQ(reported<report::Left>()->result.reason, LeaveReason::PanicChord);
    EXPECT_FALSE(keyboard_->grabbed());
    EXPECT_FALSE(guest_.anything_down());
    for (const int code : {KEY_ENTER, KEY_BACKSPACE, KEY_ESC}) {
        keyboard_->release(code);
    }
    EXPECT_EQ(keyboard_->down_on_host(), Keys{});
    EXPECT_EQ(link_.metrics.panic_chords.load(), 1U);
}

TEST_F(EngineLeave, ByTheHomeHotkeyWhichNobodyElseSees) {
    guest_.take();
    keyboard_->press(KEY_PAUSE);
    turn();
    expect_home(LeaveReason::Hotkey);
    EXPECT_FALSE(reported<report::Hotkey>()) << "the thread has done it all";
    keyboard_->release(KEY_PAUSE);
    turn();
    EXPECT_EQ(guest_.take(), "-30");
}

TEST_F(EngineLeave, ByTheToggle) {
    keyboard_->type(KEY_RIGHTCTRL);
    turn();
    expect_home(LeaveReason::Hotkey);
    EXPECT_FALSE(guest_.anything_down());
}

TEST_F(EngineLeave, AHotkeyThatIsNoWayHomeIsLeftToTheMainLoop) {
    start({.hotkeys = {hotkey(Gesture::Press, HotkeyAction::Next, {KEY_F12})}, .timing = {}});
    FakeGuest guest;
    add_guest(guest);
    const auto keyboard = add_keyboard(9);
    enter();
    keyboard->press(KEY_F12);
    turn();
    const auto fired = reported<report::Hotkey>();
    ASSERT_TRUE(fired);
    EXPECT_EQ(fired->hotkey.action, HotkeyAction::Next);
    EXPECT_TRUE(keyboard->grabbed());
}

TEST_F(EngineLeave, WhenTheGuestClosesTheConnection) {
    guest_.close();
    turn();
    EXPECT_EQ(reports_.size(), 2U);
    expect_home(LeaveReason::GuestLost);
    const auto lost = reported<report::GuestLost>();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->target, kTarget);
    EXPECT_EQ(lost->generation, 1U);
}

TEST_F(EngineLeave, ReportsTheLeaveBeforeTheLoss) {
    guest_.close();
    turn();
    EXPECT_EQ(kinds(), "Left GuestLost");
}

TEST_F(EngineLeave, WhenSendingFails) {
    guest_.lose_at_flush();
    keyboard_->press(KEY_B);
    turn();
    expect_home(LeaveReason::GuestLost);
    EXPECT_TRUE(reported<report::GuestLost>());
}

TEST_F(EngineLeave, ThoughTheSocketTakesNothing) {
    guest_.block(true);
    keyboard_->press(KEY_B);
    turn();
    leave();
    expect_home(LeaveReason::Request);
    guest_.block(false);
    turn();
    EXPECT_EQ(guest_.take(), "move(1,1) +30 +48 -30 -48") << "what waited goes out when it can";
}

TEST_F(EngineLeave, AConnectionLostWhileReleasingIsReportedAfterwards) {
    guest_.lose_at_flush();
    leave();
    EXPECT_EQ(kinds(), "Left GuestLost");
}

TEST_F(EngineLeave, WhenTheServerAcknowledgesNothingForLong) {
    pass(Milliseconds(4900), Milliseconds(50));
    EXPECT_TRUE(keyboard_->grabbed());
    pass(Milliseconds(1600), Milliseconds(50)); // the probe comes first
    expect_home(LeaveReason::GuestStalled);
    EXPECT_EQ(link_.metrics.stalls.load(), 1U);
    EXPECT_FALSE(reported<report::GuestLost>()) << "the connection stands";
}

TEST_F(EngineLeave, NotWhileTheServerAnswersProbes) {
    for (int i = 0; i < 20; ++i) {
        pass(Milliseconds(500), Milliseconds(50));
        guest_.acknowledge();
        keyboard_->type(KEY_K);
        turn();
    }
    EXPECT_TRUE(keyboard_->grabbed());
}

TEST_F(EngineLeave, AUserWhoRestsIsNotDisturbedByProbes) {
    pass(Milliseconds(1500), Milliseconds(50));
    guest_.acknowledge();
    turn();
    const unsigned before = guest_.zero_motions();
    pass(Milliseconds(60000), Milliseconds(250));
    EXPECT_EQ(guest_.zero_motions(), before);
    EXPECT_TRUE(keyboard_->grabbed());
}

TEST_F(EngineLeave, NeverForAStallIfConfiguredSo) {
    auto settings = config(usual_hotkeys());
    settings->stall_timeout = Milliseconds(0);
    send(command::Configure{},
         Cargo{.node = nullptr, .guest = nullptr, .config = std::move(settings)});
    pass(Milliseconds(60000), Milliseconds(250));
    EXPECT_TRUE(keyboard_->grabbed());
}

TEST_F(EngineLeave, WhenTheMainLoopMissesItsLease) {
    FakeClock::advance(Milliseconds(900));
    turn();
    EXPECT_TRUE(keyboard_->grabbed());
    FakeClock::advance(Milliseconds(350));
    turn();
    expect_home(LeaveReason::LeaseMissed);
    EXPECT_FALSE(guest_.anything_down());
    EXPECT_EQ(link_.metrics.leases_missed.load(), 1U);
}

TEST_F(EngineLeave, AnOldLeaseDoesNotPreventEntering) {
    leave();
    FakeClock::advance(std::chrono::hours(1));
    enter();
    EXPECT_TRUE(keyboard_->grabbed());
    FakeClock::advance(Milliseconds(500));
    turn();
    EXPECT_TRUE(keyboard_->grabbed());
}

TEST_F(EngineLeave, TheHeartBeatsOnlyWhileSomethingIsGrabbed) {
    EXPECT_EQ(link_.heartbeat.load(), FakeClock::now().time_since_epoch().count());
    pass(Milliseconds(300));
    EXPECT_EQ(link_.heartbeat.load(), FakeClock::now().time_since_epoch().count());
    leave();
    EXPECT_EQ(link_.heartbeat.load(), 0);
}

TEST_F(EngineLeave, WhenTheLastKeyboardIsUnplugged) {
    keyboard_->unplug();
    turn();
    EXPECT_EQ(kinds(), "Left NodeGone");
    EXPECT_FALSE(mouse_->grabbed());
    EXPECT_FALSE(guest_.anything_down());
    EXPECT_FALSE(keyboard_->open_now());
}

TEST_F(EngineLeave, NotWhenAnotherKeyboardIsLeft) {
    const auto second = add_keyboard(5);
    keyboard_->unplug();
    turn();
    EXPECT_EQ(kinds(), "NodeGone");
    EXPECT_FALSE(guest_.anything_down()) << "its keys are released at once";
    EXPECT_TRUE(second->grabbed());
    EXPECT_TRUE(mouse_->grabbed());
}

TEST_F(EngineLeave, NotWhenAKeyboardIsUnpluggedThatWasNotGrabbed) {
    leave();
    const auto second = add_keyboard(5);
    keyboard_->release(KEY_A);
    keyboard_->type(KEY_RIGHTCTRL);
    turn();
    enter();
    kinds();
    ASSERT_FALSE(second->grabbed());
    second->unplug();
    turn();
    EXPECT_EQ(kinds(), "NodeGone");
    EXPECT_TRUE(keyboard_->grabbed());
}

TEST_F(EngineLeave, WhenTheConfigurationDropsTheLastKeyboard) {
    send(command::RemoveNode{slot_of(*keyboard_), LeaveReason::Reload});
    turn();
    const auto left = reported<report::Left>();
    ASSERT_TRUE(left);
    EXPECT_EQ(left->result.reason, LeaveReason::Reload);
    EXPECT_EQ(kinds(), "NodeGone");
    EXPECT_FALSE(keyboard_->open_now());
    EXPECT_FALSE(mouse_->grabbed());
    EXPECT_FALSE(guest_.anything_down());
}

TEST_F(EngineLeave, WhenTheGuestIsTakenAway) {
    send(command::RemoveGuest{kTarget});
    turn();
    EXPECT_EQ(kinds(), "Left Retired");
    EXPECT_FALSE(keyboard_->grabbed());
    EXPECT_FALSE(guest_.anything_down()) << "the connection still stands";
    EXPECT_FALSE(guest_.connected());
}

TEST_F(EngineLeave, AtTheEndOfTheThread) {
    for (const int code : {KEY_B, KEY_C, KEY_D, KEY_E}) {
        keyboard_->press(code);
    }
    turn();
    send(command::Stop{});
    EXPECT_TRUE(turn()) << "releases are owed still";
    expect_home(LeaveReason::Shutdown);
    for (int i = 0; i < 20; ++i) {
        FakeClock::advance(Milliseconds(5));
        if (!turn()) {
            break;
        }
    }
    EXPECT_FALSE(turn());
    EXPECT_FALSE(guest_.anything_down());
}

TEST_F(EngineLeave, TheThreadEndsThoughTheSocketTakesNothing) {
    guest_.block(true);
    send(command::Stop{});
    EXPECT_TRUE(turn());
    EXPECT_FALSE(keyboard_->grabbed());
    FakeClock::advance(Milliseconds(501));
    EXPECT_FALSE(turn());
}

TEST_F(EngineLeave, UngrabsTheKeyboardInUseFirst) {
    start(usual_hotkeys()); // without helpers the order can be told
    engine_ = std::make_unique<Engine>(
        link_, config(usual_hotkeys()),
        Engine::Options{.rt_priority = 0, .ungrab_helpers = 0, .now = FakeClock::now});
    slots_.clear();
    FakeGuest guest;
    add_guest(guest);
    std::vector<int> order;
    const auto mouse = add_mouse(1);
    const auto first = add_keyboard(2);
    const auto second = add_keyboard(3);
    mouse->on_ungrab = [&] { order.push_back(0); };
    first->on_ungrab = [&] { order.push_back(1); };
    second->on_ungrab = [&] { order.push_back(2); };
    enter();
    mouse->move(1, 1);
    second->press(KEY_A);
    turn();
    leave();
    EXPECT_EQ(order, (std::vector<int>{2, 1, 0}));
}

class EngineBorrow : public EngineTest {
  protected:
    void SetUp() override {
        start({.hotkeys = {hotkey(Gesture::Hold, HotkeyAction::Borrow, {KEY_RIGHTCTRL})},
               .timing = {}});
        add_guest(guest_);
        keyboard_ = add_keyboard();
        keyboard_->press(KEY_RIGHTCTRL);
        turn();
        pass(Milliseconds(300));
    }

    FakeGuest guest_;
    std::shared_ptr<FakeDevice> keyboard_;
};

TEST_F(EngineBorrow, LastsUntilTheKeyIsReleased) {
    const auto begun = reported<report::Hotkey>();
    ASSERT_TRUE(begun);
    EXPECT_TRUE(begun->begin);
    EXPECT_EQ(keyboard_->down_on_host(), Keys{KEY_RIGHTCTRL});
    enter();
    EXPECT_EQ(keyboard_->down_on_host(), Keys{}) << "released for the host";
    keyboard_->repeat(KEY_RIGHTCTRL);
    keyboard_->type(KEY_A);
    turn();
    EXPECT_TRUE(keyboard_->grabbed());
    keyboard_->release(KEY_RIGHTCTRL);
    turn();
    EXPECT_EQ(reported<report::Left>()->result.reason, LeaveReason::Hotkey);
    EXPECT_FALSE(keyboard_->grabbed());
    EXPECT_EQ(guest_.take(), "+30 -30");
    EXPECT_EQ(keyboard_->down_on_host(), Keys{});
}

TEST_F(EngineBorrow, EndingBeforeTheGrabIsReported) {
    reported<report::Hotkey>();
    keyboard_->release(KEY_RIGHTCTRL);
    turn();
    const auto ended = reported<report::Hotkey>();
    ASSERT_TRUE(ended);
    EXPECT_FALSE(ended->begin);
}

TEST_F(EngineBorrow, CanBeBegunAgain) {
    enter();
    keyboard_->release(KEY_RIGHTCTRL);
    turn();
    kinds();
    keyboard_->press(KEY_RIGHTCTRL);
    turn();
    pass(Milliseconds(300));
    EXPECT_TRUE(reported<report::Hotkey>());
    enter();
    EXPECT_TRUE(keyboard_->grabbed());
}

} // namespace
} // namespace spicykvm::input::test
