// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/forwarder.h"
#include "test_guests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

namespace spicykvm::core {

namespace {

using test::RecordingGuest;
using test::Sent;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr DeviceSlot kKeyboard{0};
constexpr DeviceSlot kMouse{1};
constexpr ButtonMask kNone{};
constexpr ButtonMask kLeft{ButtonMask::bit(Button::Left)};

class Observer final : public ForwarderObserver {
  public:
    unsigned hotkeys = 0;
    unsigned panics = 0;
    void on_hotkey(const Hotkey&, bool) noexcept override { ++hotkeys; }
    void on_panic_chord() noexcept override { ++panics; }
    void on_watch_all_keys(DeviceSlot, bool) noexcept override {}
};

class ForwarderTest : public testing::Test {
  protected:
    void enter() {
        forwarder.enter(guest, TargetId{0});
        guest.sent.clear();
    }
    void event(DeviceSlot device, int type, int code, std::int32_t value) {
        forwarder.on_event(device, Event{now, static_cast<std::uint16_t>(type),
                                         static_cast<std::uint16_t>(code), value});
    }
    void key(int code, std::int32_t value) { event(kKeyboard, EV_KEY, code, value); }
    void button(int code, std::int32_t value) { event(kMouse, EV_KEY, code, value); }
    void move(std::int32_t dx, std::int32_t dy) {
        event(kMouse, EV_REL, REL_X, dx);
        event(kMouse, EV_REL, REL_Y, dy);
        event(kMouse, EV_SYN, SYN_REPORT, 0);
    }
    void acknowledge_all() {
        while (forwarder.unacknowledged() >= MotionPacer::kBunch) {
            forwarder.on_motion_ack(MotionPacer::kBunch, now);
        }
    }

    TimePoint now{Milliseconds{1000}};
    Observer observer;
    RecordingGuest guest;
    Forwarder forwarder{observer};
};

TEST_F(ForwarderTest, EnteringClearsStaleButtonsFirst) {
    forwarder.enter(guest, TargetId{0});
    EXPECT_TRUE(forwarder.active());
    EXPECT_THAT(guest.take(), ElementsAre(Sent::motion(0, 0, kNone)));
    EXPECT_EQ(forwarder.unacknowledged(), 1U);
}

TEST_F(ForwarderTest, EnteringWakesTheGuestsDisplayIfItIsToBeSeen) {
    ForwarderSettings settings;
    settings.wakes_guest = true;
    forwarder.set_settings(settings);
    forwarder.enter(guest, TargetId{0});
    EXPECT_THAT(guest.take(),
                ElementsAre(Sent::motion(0, 0), Sent::motion(1, 0), Sent::motion(-1, 0)));
}

TEST_F(ForwarderTest, SendsNothingBeforeEnteringAndAfterLeaving) {
    key(KEY_A, 1);
    move(1, 1);
    enter();
    forwarder.leave(now);
    key(KEY_B, 1);
    button(BTN_LEFT, 1);
    move(1, 1);
    forwarder.probe(now);
    EXPECT_THAT(guest.sent, IsEmpty());
    EXPECT_EQ(forwarder.flush(), GuestInput::Io::Ok);
}

TEST_F(ForwarderTest, OnePacketIsOneMotion) {
    enter();
    event(kMouse, EV_REL, REL_X, 3);
    event(kMouse, EV_REL, REL_X, 4);
    event(kMouse, EV_REL, REL_Y, -2);
    EXPECT_THAT(guest.sent, IsEmpty());
    event(kMouse, EV_SYN, SYN_REPORT, 0);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::motion(7, -2)));
}

TEST_F(ForwarderTest, AClickComesAfterTheMotionBeforeItInTheSamePacket) {
    enter();
    event(kMouse, EV_REL, REL_X, 3);
    button(BTN_LEFT, 1);
    event(kMouse, EV_REL, REL_X, 4);
    event(kMouse, EV_SYN, SYN_REPORT, 0);
    EXPECT_THAT(guest.take(),
                ElementsAre(Sent::motion(3, 0), Sent::click(Button::Left, true, kLeft),
                            Sent::motion(4, 0, kLeft)));
}

TEST_F(ForwarderTest, MotionThatWaitedGoesOutWithTheFlushAfterAnAcknowledgement) {
    enter();
    for (int i = 0; i < 20; ++i) {
        move(1, 0);
    }
    EXPECT_EQ(forwarder.unacknowledged(), MotionPacer::kMotionWindow);
    guest.sent.clear();
    forwarder.on_motion_ack(4, now);
    EXPECT_THAT(guest.sent, IsEmpty()) << "nothing is sent from inside receive()";
    EXPECT_EQ(forwarder.flush(), GuestInput::Io::Ok);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::motion(14, 0)));
}

TEST_F(ForwarderTest, LeavingFlushesAndLetsGoOfTheGuest) {
    enter();
    key(KEY_A, 1);
    button(BTN_LEFT, 1);
    guest.sent.clear();
    guest.flushes = 0;
    EXPECT_EQ(forwarder.leave(now), 2U);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::click(Button::Left, false, kNone),
                                          Sent::key(KEY_A, KeyAction::Up)));
    EXPECT_EQ(guest.flushes, 1U);
    EXPECT_FALSE(forwarder.releasing());
    EXPECT_EQ(forwarder.leave(now), 0U);
    EXPECT_EQ(forwarder.flush(), GuestInput::Io::Ok);
    EXPECT_EQ(guest.flushes, 1U) << "the guest may be gone by now";
}

TEST_F(ForwarderTest, LeavingDropsMotionThatWaits) {
    enter();
    for (int i = 0; i < 20; ++i) {
        move(1, 0);
    }
    button(BTN_LEFT, 1);
    move(5, 5);
    guest.sent.clear();
    forwarder.leave(now);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::click(Button::Left, false, kNone)));
}

TEST_F(ForwarderTest, ReleasesAreFlushedStepByStep) {
    enter();
    for (const int code : {KEY_A, KEY_S, KEY_D, KEY_F, KEY_G}) {
        key(code, 1);
    }
    guest.sent.clear();
    EXPECT_EQ(forwarder.leave(now), 5U);
    EXPECT_EQ(guest.take().size(), Forwarder::kKeysPerStep);
    EXPECT_TRUE(forwarder.releasing());
    EXPECT_EQ(forwarder.deadline(), now + Forwarder::kStepPause);
    forwarder.on_deadline(now + Milliseconds{4});
    EXPECT_THAT(guest.sent, IsEmpty());
    EXPECT_EQ(forwarder.leave(now), 2U) << "leaving twice changes nothing";
    forwarder.on_deadline(now + Forwarder::kStepPause);
    EXPECT_EQ(guest.take().size(), 2U);
    EXPECT_FALSE(forwarder.releasing());
    EXPECT_EQ(forwarder.deadline(), std::nullopt);
}

TEST_F(ForwarderTest, AGuestThatIsLostWhileItsKeysAreReleasedIsForgotten) {
    enter();
    for (const int code : {KEY_A, KEY_S, KEY_D, KEY_F}) {
        key(code, 1);
    }
    guest.flush_result = GuestInput::Io::Lost;
    EXPECT_EQ(forwarder.leave(now), 4U);
    EXPECT_FALSE(forwarder.releasing());
    EXPECT_EQ(forwarder.deadline(), std::nullopt);
}

TEST_F(ForwarderTest, AFullSocketDoesNotStopTheReleases) {
    enter();
    for (const int code : {KEY_A, KEY_S, KEY_D, KEY_F}) {
        key(code, 1);
    }
    guest.sent.clear();
    guest.flush_result = GuestInput::Io::Later;
    forwarder.leave(now);
    forwarder.on_deadline(now + Forwarder::kStepPause);
    EXPECT_EQ(guest.take().size(), 4U);
    EXPECT_FALSE(forwarder.releasing());
}

TEST_F(ForwarderTest, ADroppedGuestGetsNothingAndOwesNothing) {
    enter();
    key(KEY_A, 1);
    button(BTN_LEFT, 1);
    guest.sent.clear();
    forwarder.drop_guest();
    EXPECT_FALSE(forwarder.active());
    EXPECT_FALSE(forwarder.releasing());
    key(KEY_A, 0);
    button(BTN_LEFT, 0);
    EXPECT_EQ(forwarder.leave(now), 0U);
    EXPECT_THAT(guest.sent, IsEmpty());
}

TEST_F(ForwarderTest, AnotherGuestIsEnteredAfterTheRestWentToTheFirst) {
    enter();
    for (const int code : {KEY_A, KEY_S, KEY_D, KEY_F}) {
        key(code, 1);
    }
    guest.sent.clear();
    guest.flushes = 0;
    forwarder.leave(now);
    RecordingGuest other;
    forwarder.enter(other, TargetId{1});
    EXPECT_EQ(guest.take().size(), 4U);
    EXPECT_EQ(guest.flushes, 2U);
    EXPECT_THAT(other.take(), ElementsAre(Sent::motion(0, 0)));
    EXPECT_EQ(forwarder.unacknowledged(), 1U);
}

TEST_F(ForwarderTest, UnpluggingPacesTooAndWaitsForTheStepBefore) {
    enter();
    for (const int code : {KEY_A, KEY_S, KEY_D, KEY_F}) {
        event(kKeyboard, EV_KEY, code, 1);
        event(DeviceSlot{2}, EV_KEY, code + 100, 1);
    }
    guest.sent.clear();
    forwarder.on_device_gone(kKeyboard, now);
    EXPECT_EQ(guest.take().size(), 3U);
    forwarder.on_device_gone(DeviceSlot{2}, now + Milliseconds{1});
    EXPECT_THAT(guest.sent, IsEmpty());
    forwarder.on_deadline(now + Forwarder::kStepPause);
    EXPECT_EQ(guest.take().size(), 3U);
    forwarder.on_deadline(now + 2 * Forwarder::kStepPause);
    EXPECT_EQ(guest.take().size(), 2U);
    EXPECT_EQ(forwarder.deadline(), std::nullopt);
    EXPECT_TRUE(forwarder.active());
}

TEST_F(ForwarderTest, LendingReleasesButtonsAndKeepsMotionThatWasReceived) {
    enter();
    for (int i = 0; i < 10; ++i) {
        move(1, 0);
    }
    button(BTN_LEFT, 1);
    move(2, 0);
    guest.sent.clear();
    forwarder.lend_pointers(true, now);
    EXPECT_THAT(guest.take(),
                ElementsAre(Sent::motion(2, 0, kLeft), Sent::click(Button::Left, false, kNone)));
    button(BTN_RIGHT, 1);
    event(kMouse, EV_REL, REL_WHEEL, 1);
    move(50, 0);
    acknowledge_all();
    EXPECT_EQ(forwarder.flush(), GuestInput::Io::Ok);
    EXPECT_THAT(guest.sent, IsEmpty());
    key(KEY_A, 1);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::key(KEY_A, KeyAction::Down)));
    forwarder.lend_pointers(false, now);
    button(BTN_RIGHT, 0);
    button(BTN_LEFT, 0);
    EXPECT_THAT(guest.sent, IsEmpty()) << "pressed while the host had the mouse";
    move(1, 0);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::motion(1, 0)));
}

TEST_F(ForwarderTest, LendingMeansNothingWhileInactive) {
    forwarder.lend_pointers(true, now);
    enter();
    move(1, 0);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::motion(1, 0)));
}

TEST_F(ForwarderTest, TheSameButtonOnTwoMiceIsOneButton) {
    enter();
    button(BTN_LEFT, 1);
    event(DeviceSlot{2}, EV_KEY, BTN_LEFT, 1);
    button(BTN_LEFT, 0);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::click(Button::Left, true, kLeft)));
    event(DeviceSlot{2}, EV_KEY, BTN_LEFT, 0);
    EXPECT_THAT(guest.take(), ElementsAre(Sent::click(Button::Left, false, kNone)));
}

TEST_F(ForwarderTest, ButtonsThatTheGuestDoesNotHaveAreDropped) {
    enter();
    button(BTN_TASK, 1);
    button(BTN_TASK, 0);
    button(BTN_TOUCH, 1);
    button(BTN_LEFT, 2);
    EXPECT_THAT(guest.sent, IsEmpty());
    EXPECT_EQ(forwarder.leave(now), 0U);
}

TEST_F(ForwarderTest, APanicStopsTheEventAndIsAskedForOnlyWhileActive) {
    for (const int code : {KEY_ESC, KEY_BACKSPACE, KEY_ENTER}) {
        key(code, 1);
        key(code, 0);
    }
    enter();
    key(KEY_ESC, 1);
    key(KEY_BACKSPACE, 1);
    guest.sent.clear();
    key(KEY_ENTER, 1);
    EXPECT_EQ(observer.panics, 1U);
    EXPECT_THAT(guest.sent, IsEmpty());
    EXPECT_TRUE(forwarder.active()) << "leaving is the observer's";
    forwarder.leave(now);
    key(KEY_ENTER, 0);
    key(KEY_ENTER, 1);
    EXPECT_EQ(observer.panics, 1U);
}

TEST_F(ForwarderTest, KeysHeldBeforeEnteringDoNotCountForThePanicChord) {
    enter();
    key(KEY_ESC, 1);
    key(KEY_BACKSPACE, 1);
    forwarder.leave(now); // the mask hides their releases
    enter();
    key(KEY_ENTER, 1);
    EXPECT_EQ(observer.panics, 0U);
}

class BehindTest : public ForwarderTest {
  protected:
    /// The server owes an acknowledgement for longer than one that reads would.
    void fall_behind() {
        for (unsigned i = 0; i < MotionPacer::kBunch; ++i) {
            move(1, 0);
        }
        now += LateReleases::kLate + Milliseconds{1};
        guest.sent.clear();
    }
    void run_to_deadline() {
        ASSERT_TRUE(forwarder.deadline());
        now = *forwarder.deadline();
        forwarder.on_deadline(now);
    }
    static Sent up(int code) { return Sent::key(code, KeyAction::Up); }
};

TEST_F(BehindTest, AGuestThatIsBehindGetsNoRepeats) {
    enter();
    key(KEY_A, 1);
    key(KEY_A, 2);
    EXPECT_EQ(guest.take().size(), 2U);
    fall_behind();
    key(KEY_A, 2);
    EXPECT_THAT(guest.sent, IsEmpty());
    acknowledge_all();
    key(KEY_A, 2);
    EXPECT_EQ(guest.take().size(), 1U);
}

TEST_F(BehindTest, WhatWasReleasedMeanwhileIsReleasedOnceMore) {
    enter();
    fall_behind();
    for (const int code : {KEY_A, KEY_B, KEY_C}) {
        key(code, 1);
        key(code, 0);
    }
    key(KEY_B, 1); // is down: its release comes by itself
    guest.sent.clear();
    acknowledge_all();
    EXPECT_EQ(forwarder.deadline(), now + LateReleases::kSettle);
    run_to_deadline();
    EXPECT_THAT(guest.take(), ElementsAre(up(KEY_A), up(KEY_C)));
    EXPECT_EQ(forwarder.deadline(), std::nullopt);
}

TEST_F(BehindTest, AnAcknowledgementInTimeNeedsNothing) {
    enter();
    key(KEY_A, 1);
    key(KEY_A, 0);
    for (unsigned i = 0; i < MotionPacer::kBunch; ++i) {
        move(1, 0);
    }
    now += LateReleases::kLate;
    acknowledge_all();
    EXPECT_EQ(forwarder.deadline(), std::nullopt);
}

TEST_F(BehindTest, AGuestThatWasLeftIsWaitedFor) {
    enter();
    key(KEY_A, 1);
    fall_behind();
    EXPECT_EQ(forwarder.leave(now), 1U);
    EXPECT_THAT(guest.take(), ElementsAre(up(KEY_A)));
    ASSERT_TRUE(forwarder.releasing());
    now += Milliseconds{3000};
    acknowledge_all();
    run_to_deadline();
    EXPECT_THAT(guest.take(), ElementsAre(up(KEY_A)));
    EXPECT_FALSE(forwarder.releasing());
}

TEST_F(BehindTest, ABurstOfKeysTellsByItselfThatTheGuestIsBehind) {
    enter();
    for (unsigned i = 0; i < Forwarder::kKeysPerAck; ++i) {
        key(KEY_A + static_cast<int>(i % 8), i < 8 ? 1 : 0);
    }
    EXPECT_GE(forwarder.unacknowledged(), MotionPacer::kBunch);
    forwarder.leave(now); // at once: nobody knows yet
    ASSERT_TRUE(forwarder.releasing());
    while (forwarder.deadline()) {
        run_to_deadline();
    }
    EXPECT_TRUE(forwarder.releasing()) << "what was sent is not acknowledged";
    guest.sent.clear();
    now += LateReleases::kLate + Milliseconds{50};
    acknowledge_all();
    while (forwarder.deadline()) {
        run_to_deadline();
    }
    EXPECT_EQ(guest.take().size(), 8U) << "each key once more";
    EXPECT_FALSE(forwarder.releasing());
}

TEST_F(BehindTest, AGuestThatKeptUpIsLetGoOf) {
    enter();
    for (unsigned i = 0; i < Forwarder::kKeysPerAck; ++i) {
        key(KEY_A, i % 2 == 0 ? 1 : 0);
    }
    forwarder.leave(now);
    ASSERT_TRUE(forwarder.releasing());
    guest.sent.clear();
    now += Milliseconds{1};
    acknowledge_all();
    EXPECT_FALSE(forwarder.releasing());
    EXPECT_THAT(guest.sent, IsEmpty());
}

TEST_F(ForwarderTest, TheProbeMakesTheServerAnswer) {
    enter();
    EXPECT_TRUE(forwarder.wants_probe()) << "the motion of (0, 0) alone is not acknowledged";
    forwarder.probe(now);
    EXPECT_EQ(guest.take().size(), 3U);
    EXPECT_FALSE(forwarder.wants_probe());
    EXPECT_EQ(forwarder.oldest_unacknowledged(), now);
    forwarder.probe(now);
    EXPECT_THAT(guest.sent, IsEmpty());
    forwarder.on_motion_ack(4, now);
    EXPECT_EQ(forwarder.oldest_unacknowledged(), std::nullopt);
    EXPECT_FALSE(forwarder.wants_probe());

    key(KEY_A, 1);
    EXPECT_TRUE(forwarder.wants_probe());
    button(BTN_LEFT, 1);
    guest.sent.clear();
    forwarder.probe(now + Milliseconds{900});
    EXPECT_THAT(guest.take(), testing::Each(Sent::motion(0, 0, kLeft)));
    EXPECT_EQ(forwarder.oldest_unacknowledged(), now + Milliseconds{900});
}

TEST_F(ForwarderTest, AStallIsDatedFromTheFirstOwedAcknowledgement) {
    enter();
    for (int i = 0; i < 3; ++i) {
        move(1, 0);
    }
    const TimePoint owed = now;
    now += Milliseconds{2000};
    move(1, 0);
    key(KEY_A, 1);
    event(kKeyboard, EV_SYN, SYN_REPORT, 0);
    EXPECT_EQ(forwarder.oldest_unacknowledged(), owed);
}

TEST_F(ForwarderTest, EnteringForgetsWhatTheOtherServerOwed) {
    enter();
    for (int i = 0; i < 20; ++i) {
        move(1, 0);
    }
    RecordingGuest other;
    forwarder.enter(other, TargetId{1});
    EXPECT_EQ(forwarder.unacknowledged(), 1U);
    EXPECT_EQ(forwarder.oldest_unacknowledged(), std::nullopt);
    EXPECT_THAT(other.take(), ElementsAre(Sent::motion(0, 0))) << "nor its motion";
}

TEST_F(ForwarderTest, SidewaysWheelIsDroppedOrShifted) {
    enter();
    event(kMouse, EV_REL, REL_HWHEEL, 1);
    event(kMouse, EV_SYN, SYN_REPORT, 0);
    EXPECT_THAT(guest.sent, IsEmpty());
    forwarder.set_settings({.horizontal_wheel_as_shift = true});
    event(kMouse, EV_REL, REL_HWHEEL, -1);
    event(kMouse, EV_SYN, SYN_REPORT, 0);
    const ButtonMask up{ButtonMask::bit(Button::WheelUp)};
    EXPECT_THAT(guest.take(), ElementsAre(Sent::key(KEY_LEFTSHIFT, KeyAction::Down),
                                          Sent::click(Button::WheelUp, true, up),
                                          Sent::click(Button::WheelUp, false, kNone),
                                          Sent::key(KEY_LEFTSHIFT, KeyAction::Up)));
}

TEST_F(ForwarderTest, NothingComesBetweenTheTwoHalvesOfADetent) {
    forwarder.set_settings({.max_delta = 1});
    enter();
    event(kMouse, EV_REL, REL_X, 1000);
    event(kMouse, EV_REL, REL_WHEEL, 2);
    event(kMouse, EV_SYN, SYN_REPORT, 0);
    const std::vector<Sent> sent = guest.take();
    const ButtonMask up{ButtonMask::bit(Button::WheelUp)};
    ASSERT_EQ(sent.size(), MotionPacer::kMaxButtonSteps + 4);
    for (std::size_t i = MotionPacer::kMaxButtonSteps; i < sent.size(); i += 2) {
        EXPECT_EQ(sent[i], Sent::click(Button::WheelUp, true, up));
        EXPECT_EQ(sent[i + 1], Sent::click(Button::WheelUp, false, kNone));
    }
}

TEST_F(ForwarderTest, IgnoresCodesSlotsAndTypesThatDoNotExist) {
    enter();
    event(kKeyboard, EV_KEY, KEY_CNT, 1);
    event(kKeyboard, EV_KEY, 0xffff, 1);
    event(DeviceSlot{kMaxDevices}, EV_KEY, KEY_A, 1);
    event(DeviceSlot{255}, EV_REL, REL_X, 1);
    event(kKeyboard, EV_ABS, ABS_X, 5);
    event(kKeyboard, EV_MSC, MSC_SCAN, 5);
    event(kMouse, EV_REL, REL_Z, 5);
    event(kKeyboard, EV_SYN, SYN_DROPPED, 0);
    forwarder.on_device_gone(DeviceSlot{255}, now);
    forwarder.on_resync(DeviceSlot{255}, KeySet{}.set(), now);
    event(kKeyboard, EV_SYN, SYN_REPORT, 0);
    EXPECT_THAT(guest.sent, IsEmpty());
}

TEST_F(ForwarderTest, KeepsTheLedsThatWereToldLast) {
    EXPECT_EQ(forwarder.leds(), LedState{});
    forwarder.on_leds({.caps = true});
    EXPECT_EQ(forwarder.leds(), (LedState{.caps = true}));
}

} // namespace

} // namespace spicykvm::core
