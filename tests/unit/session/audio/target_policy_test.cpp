// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/target_policy.h"

#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

using namespace std::chrono_literals;

class TargetPolicyTest : public testing::Test {
  protected:
    /// One packet, 10 ms after the last one.
    Nanoseconds packet(Nanoseconds lateness, Nanoseconds after = 10ms) {
        now += after;
        return policy.on_packet(now, lateness);
    }
    void run(Nanoseconds time, Nanoseconds lateness) {
        for (const TimePoint end = now + time; now < end;) {
            EXPECT_EQ(packet(toggle ? lateness : 0ms), 0ms);
            toggle = !toggle;
        }
    }
    bool toggle = false;
    TimePoint now{std::chrono::hours(1)};
    TargetPolicy policy{{.prior = 13ms, .guard = 1ms, .half_life = std::chrono::hours(2)}};
};

TEST_F(TargetPolicyTest, BeginsWithWhatIsExpected) {
    EXPECT_EQ(policy.delay(), 14ms);
}

TEST_F(TargetPolicyTest, LearnsLatenessWithinTwoWindows) {
    packet(18ms);
    run(1200ms, 5ms);
    EXPECT_EQ(policy.delay(), 19ms);
    policy.restart();
    run(2s, 5ms);
    EXPECT_EQ(policy.delay(), 19ms) << "a new stream does not forget";
}

TEST_F(TargetPolicyTest, CoversEveryLatenessOfTheLastTenMinutes) {
    packet(16ms);
    run(540s, 3ms);
    EXPECT_GE(policy.jitter(), 16ms);
}

TEST_F(TargetPolicyTest, SinksByHalfInTheHalfLife) {
    run(20min, 3ms);
    const Nanoseconds then = policy.jitter();
    run(2h, 3ms);
    EXPECT_NEAR(seconds(policy.jitter() - 3ms), seconds(then - 3ms) / 2, 1e-4);
    run(40h, 3ms);
    EXPECT_NEAR(seconds(policy.jitter()), 3e-3, 1e-4);
}

TEST_F(TargetPolicyTest, ARareStallIsForgiven) {
    run(2s, 5ms);
    packet(31ms);
    run(2s, 5ms);
    EXPECT_EQ(policy.delay(), 14ms);
    EXPECT_EQ(policy.stalls(), 1U);
    for (const auto late : {25ms, 15ms, 5ms}) { // a burst after a stall of 25 ms
        packet(late, 10us);
    }
    run(2s, 5ms);
    EXPECT_EQ(policy.delay(), 14ms);
    EXPECT_EQ(policy.stalls(), 2U);
}

TEST_F(TargetPolicyTest, TwoPacketsAtOnceAreNoStall) {
    packet(20ms);
    packet(10ms, 10us);
    run(2s, 5ms);
    EXPECT_EQ(policy.delay(), 21ms);
}

TEST_F(TargetPolicyTest, FrequentStallsAreLearnedUpToTheCap) {
    for (int i = 0; i < 30; ++i) {
        packet(40ms);
        run(1s, 5ms);
    }
    EXPECT_EQ(policy.jitter(), 40ms);
    for (int i = 0; i < 30; ++i) {
        packet(400ms);
        run(1s, 5ms);
    }
    EXPECT_EQ(policy.jitter(), TargetPolicy::kCap);
}

TEST_F(TargetPolicyTest, IfAllAreLatePacketsWereLost) {
    run(2s, 5ms);
    Nanoseconds late{};
    int packets = 0;
    for (; late == 0ms && packets < 200; ++packets) {
        late = packet(packets % 2 == 0 ? 10ms : 16ms);
    }
    EXPECT_EQ(late, 10ms);
    EXPECT_LE(packets, 102);
    run(3s, 5ms);
    EXPECT_EQ(policy.delay(), 14ms) << "what was late meanwhile is no jitter";
}

TEST_F(TargetPolicyTest, OnePacketInTimeAndNothingWasLost) {
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(packet(i % 20 == 0 ? 1ms : 12ms), 0ms);
    }
}

} // namespace

} // namespace spicykvm::audio
