// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/motion_pacer.h"
#include "test_guests.h"

#include <gtest/gtest.h>
#include <limits>

namespace spicykvm::core {

namespace {

using test::RecordingGuest;
using test::Sent;
using Limits = std::numeric_limits<std::int32_t>;

class MotionPacerTest : public testing::Test {
  protected:
    MotionPacer::Output out(std::int32_t max_delta = 0) { return {guest, held, max_delta}; }
    void fill(unsigned count) {
        for (unsigned i = 0; i < count; ++i) {
            pacer.send_zero(out());
        }
        guest.sent.clear();
    }

    RecordingGuest guest;
    ButtonMask held;
    MotionPacer pacer;
};

TEST_F(MotionPacerTest, SendsNothingWhenNothingMoved) {
    pacer.send_due(out());
    pacer.flush_before_key(out());
    pacer.flush_before_button(out());
    pacer.add(5, -5);
    pacer.add(-5, 5);
    pacer.send_due(out());
    EXPECT_TRUE(guest.sent.empty());
}

TEST_F(MotionPacerTest, SumsDeltasAndCarriesTheButtons) {
    held.set(Button::Right, true);
    pacer.add(3, 0);
    pacer.add(4, -1);
    pacer.send_due(out());
    EXPECT_EQ(guest.take(), std::vector{Sent::motion(7, -1, held)});
    EXPECT_FALSE(pacer.waiting());
    EXPECT_EQ(pacer.unacknowledged(), 1U);
}

TEST_F(MotionPacerTest, MotionLeavesOnePlaceForWhatMustNotBeOvertaken) {
    fill(MotionPacer::kMotionWindow - 1);
    pacer.add(1, 0);
    pacer.send_due(out());
    EXPECT_EQ(guest.take().size(), 1U);
    pacer.add(2, 0);
    pacer.send_due(out());
    EXPECT_TRUE(guest.sent.empty());
    EXPECT_TRUE(pacer.waiting());
    pacer.flush_before_key(out());
    EXPECT_EQ(guest.take(), std::vector{Sent::motion(2, 0)});
    EXPECT_EQ(pacer.unacknowledged(), MotionPacer::kWindow);
}

TEST_F(MotionPacerTest, AKeyGoesAheadOfMotionWhenTheWindowIsFull) {
    fill(MotionPacer::kWindow);
    pacer.add(2, 0);
    pacer.flush_before_key(out());
    EXPECT_TRUE(guest.sent.empty());
    pacer.acknowledge(MotionPacer::kBunch);
    pacer.send_due(out());
    EXPECT_EQ(guest.take(), std::vector{Sent::motion(2, 0)}) << "nothing is lost";
}

TEST_F(MotionPacerTest, AButtonSendsWhatWaitsEvenBeyondTheWindow) {
    fill(MotionPacer::kWindow);
    pacer.add(2, 0);
    pacer.flush_before_button(out());
    EXPECT_EQ(guest.take(), std::vector{Sent::motion(2, 0)});
    EXPECT_EQ(pacer.unacknowledged(), MotionPacer::kWindow + 1);
}

TEST_F(MotionPacerTest, SplitsIntoStepsWithinTheWindow) {
    pacer.add(300, -130);
    pacer.send_due(out(127));
    EXPECT_EQ(guest.take(),
              (std::vector{Sent::motion(127, -127), Sent::motion(127, -3), Sent::motion(46, 0)}));
    fill(3);
    pacer.add(1000, 0);
    pacer.send_due(out(127));
    EXPECT_EQ(guest.take().size(), 1U);
    pacer.flush_before_key(out(127));
    EXPECT_EQ(guest.take(), std::vector{Sent::motion(127, 0)});
    pacer.flush_before_key(out(127));
    EXPECT_TRUE(guest.sent.empty());
    EXPECT_TRUE(pacer.waiting());
}

TEST_F(MotionPacerTest, AButtonSendsABoundedNumberOfSteps) {
    pacer.add(Limits::max(), Limits::min());
    pacer.flush_before_button(out(1));
    EXPECT_EQ(guest.take().size(), MotionPacer::kMaxButtonSteps);
    EXPECT_TRUE(pacer.waiting());
}

TEST_F(MotionPacerTest, SaturatesAtBothEnds) {
    pacer.add(Limits::max(), Limits::min());
    pacer.add(1, -1);
    pacer.add(Limits::max(), Limits::min());
    pacer.send_due(out());
    EXPECT_EQ(guest.take(), std::vector{Sent::motion(Limits::max(), Limits::min())});
    pacer.add(Limits::min(), 0);
    pacer.send_due(out(127));
    EXPECT_EQ(guest.take().front(), Sent::motion(-127, 0));
}

TEST_F(MotionPacerTest, SurplusAcknowledgementsCountForNothing) {
    fill(2);
    pacer.acknowledge(4);
    EXPECT_EQ(pacer.unacknowledged(), 0U);
    pacer.acknowledge(Limits::max());
    EXPECT_EQ(pacer.unacknowledged(), 0U);
    fill(1);
    EXPECT_EQ(pacer.unacknowledged(), 1U);
}

TEST_F(MotionPacerTest, AnAcknowledgementIsAlwaysDueWhileMotionWaits) {
    pacer.add(1, 0);
    fill(MotionPacer::kMotionWindow);
    pacer.add(1, 0);
    pacer.send_due(out());
    ASSERT_TRUE(pacer.waiting());
    EXPECT_GE(pacer.unacknowledged(), MotionPacer::kBunch);
}

TEST_F(MotionPacerTest, ResetAndDropForgetWhatWaits) {
    fill(7);
    pacer.add(9, 9);
    pacer.drop();
    EXPECT_FALSE(pacer.waiting());
    EXPECT_EQ(pacer.unacknowledged(), 7U);
    pacer.add(9, 9);
    pacer.reset();
    EXPECT_FALSE(pacer.waiting());
    EXPECT_EQ(pacer.unacknowledged(), 0U);
    EXPECT_EQ(pacer.missing_for_ack(), 0U);
    EXPECT_EQ(pacer.owed_since(), std::nullopt);
}

TEST_F(MotionPacerTest, AnAcknowledgementIsOwedFromTheFourthMotionOn) {
    const TimePoint start{Milliseconds{100}};
    fill(3);
    pacer.observe(start);
    EXPECT_EQ(pacer.owed_since(), std::nullopt);
    fill(1);
    pacer.observe(start + Milliseconds{5});
    fill(1);
    pacer.observe(start + Milliseconds{9});
    EXPECT_EQ(pacer.owed_since(), start + Milliseconds{5});
    pacer.acknowledge(4);
    pacer.observe(start + Milliseconds{10});
    EXPECT_EQ(pacer.owed_since(), std::nullopt);
}

TEST_F(MotionPacerTest, SilenceCountsAnewAfterEachAcknowledgement) {
    const TimePoint start{Milliseconds{100}};
    fill(8);
    pacer.observe(start);
    pacer.acknowledge(4);
    EXPECT_EQ(pacer.owed_since(), std::nullopt) << "what is left was perhaps sent just now";
    pacer.observe(start + Milliseconds{900});
    EXPECT_EQ(pacer.owed_since(), start + Milliseconds{900});
}

TEST_F(MotionPacerTest, TellsHowManyMotionsMakeTheServerAnswer) {
    EXPECT_EQ(pacer.missing_for_ack(), 0U) << "nothing was sent";
    pacer.note_sent();
    EXPECT_EQ(pacer.missing_for_ack(), 4U);
    fill(1);
    EXPECT_EQ(pacer.missing_for_ack(), 3U);
    fill(3);
    EXPECT_EQ(pacer.missing_for_ack(), 0U) << "one is owed by itself";
    fill(1);
    pacer.acknowledge(4);
    EXPECT_EQ(pacer.missing_for_ack(), 3U) << "one motion is left over";
    fill(3);
    pacer.acknowledge(4);
    EXPECT_EQ(pacer.missing_for_ack(), 0U);
}

} // namespace

} // namespace spicykvm::core
