// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/source_anchor.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1)};

class SourceAnchorTest : public testing::Test {
  protected:
    SourceAnchorTest() { anchor.start(0); }
    /// Packet `n`, late by so much.
    Nanoseconds packet(Frames n, Nanoseconds late, double slow = 0) {
        const Nanoseconds due = duration_of(n * kPacketFrames);
        const Nanoseconds slower(
            static_cast<std::int64_t>(static_cast<double>(due.count()) * slow));
        return anchor.on_packet(kBegin + due + slower + late, n * kPacketFrames);
    }
    SourceAnchor anchor;
};

TEST_F(SourceAnchorTest, TheEarliestPacketTells) {
    EXPECT_EQ(packet(0, Milliseconds(7)), Milliseconds(0));
    EXPECT_EQ(packet(1, Milliseconds(2)), Milliseconds(0));
    EXPECT_EQ(anchor.origin(), kBegin + Milliseconds(2));
    EXPECT_NEAR(seconds(packet(2, Milliseconds(9))), 0.007, 1e-5);
}

TEST_F(SourceAnchorTest, IsNeverAboveAnyPacketOfTheWindow) {
    for (Frames n = 0; n < 20'000; ++n) {
        const Nanoseconds late = Microseconds((n * 7919) % 10'000);
        ASSERT_GE(packet(n, late), Nanoseconds::zero());
        ASSERT_LE(anchor.origin(), kBegin + late);
    }
    EXPECT_LT(anchor.origin() - kBegin, Microseconds(100));
}

TEST_F(SourceAnchorTest, RisesSlowlyAfterAMinute) {
    packet(0, Milliseconds(0));
    Frames n = 1;
    for (; n < 5900; ++n) {
        packet(n, Milliseconds(1));
    }
    EXPECT_EQ(anchor.origin(), kBegin) << "the window is a minute";
    for (; n < 7000; ++n) {
        packet(n, Milliseconds(1));
    }
    EXPECT_GT(anchor.origin(), kBegin);
    EXPECT_LT(anchor.origin(), kBegin + Microseconds(200)) << "1 ms within 100 s";
    for (; n < 60'000; ++n) {
        packet(n, Milliseconds(1));
    }
    EXPECT_GT(anchor.origin(), kBegin + Microseconds(980));
}

TEST_F(SourceAnchorTest, AnotherHostsSkewIsFound) {
    for (const double slow : {-500e-6, 100e-6, 500e-6}) {
        anchor.set_same_host(false);
        anchor.start(0);
        Nanoseconds latest{};
        for (Frames n = 0; n < 30'000; ++n) {
            const Nanoseconds lateness = packet(n, Microseconds((n * 7919) % 10'000), slow);
            latest = n > 12'000 ? std::max(latest, lateness) : latest;
        }
        EXPECT_NEAR(anchor.skew(), -slow, 2e-6);
        EXPECT_LT(latest, Microseconds(11'000));
    }
}

TEST_F(SourceAnchorTest, OnThisHostThereIsNoSkew) {
    for (Frames n = 0; n < 30'000; ++n) {
        packet(n, Microseconds(n));
    }
    EXPECT_EQ(anchor.skew(), 0);
}

TEST_F(SourceAnchorTest, TheSendersWordHoldsForTheFirstSeconds) {
    anchor.start(480, kBegin);
    EXPECT_EQ(anchor.on_packet(kBegin + Milliseconds(6), 480), Nanoseconds::zero());
    EXPECT_EQ(anchor.origin(), kBegin - Milliseconds(10)) << "frame 480 was due";
    (void)anchor.on_packet(kBegin + Milliseconds(3006), 480 * 301);
    EXPECT_EQ(anchor.origin(), kBegin - Milliseconds(4)) << "then what arrived holds alone";

    anchor.start(480, kBegin);
    (void)anchor.on_packet(kBegin + Milliseconds(6), 480);
    anchor.drop_hint();
    EXPECT_EQ(anchor.origin(), kBegin - Milliseconds(4));
}

TEST_F(SourceAnchorTest, MovesWithAClockThatStoodStill) {
    packet(0, Milliseconds(1));
    anchor.move(Milliseconds(4));
    EXPECT_EQ(anchor.origin(), kBegin + Milliseconds(5));
    EXPECT_EQ(packet(1, Milliseconds(5)), Nanoseconds::zero());
}

} // namespace

} // namespace spicykvm::audio
