// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/arrivals.h"

#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

using namespace std::chrono_literals;

constexpr TimePoint kBegin{std::chrono::hours(1)};

std::uint32_t stamp(TimePoint time) {
    return static_cast<std::uint32_t>(time.time_since_epoch() / 1ms);
}

StreamFormat good(TimePoint time = kBegin) {
    return {2, 1, 48000, stamp(time)};
}

class ArrivalsTest : public testing::Test {
  protected:
    Frames packet(TimePoint time, Frames frames = 480) {
        return arrivals.on_packet(time, stamp(time), frames);
    }
    Arrivals arrivals{{.prior = 10ms, .guard = 1ms}};
};

TEST_F(ArrivalsTest, DataWithoutAStreamIsIgnoredAndCounted) {
    EXPECT_EQ(packet(kBegin), -1);
    EXPECT_TRUE(arrivals.on_start(good()));
    EXPECT_EQ(packet(kBegin + 10ms), 0);
    EXPECT_TRUE(arrivals.on_stop());
    EXPECT_FALSE(arrivals.on_stop());
    EXPECT_EQ(packet(kBegin + 20ms), -1);
    EXPECT_EQ(arrivals.counters().ignored, 2U);
    EXPECT_EQ(arrivals.end(), 480);
    EXPECT_EQ(arrivals.timeline().end, 480);
}

TEST_F(ArrivalsTest, OtherFormatsAreRejected) {
    for (const StreamFormat& format :
         {StreamFormat{1, 1, 48000, 0}, StreamFormat{2, 1, 44100, 0}, StreamFormat{2, 0, 48000, 0},
          StreamFormat{8, 1, 48000, 0}}) {
        EXPECT_FALSE(arrivals.on_start(format));
        EXPECT_EQ(packet(kBegin), -1);
    }
    EXPECT_EQ(arrivals.counters().rejected, 4U);
}

TEST_F(ArrivalsTest, PacketsOfAnySize) {
    arrivals.on_start(good());
    Frames sum = 0;
    for (const Frames frames : {0, 1, 479, 480, 481, 4800}) {
        EXPECT_EQ(packet(kBegin + 10ms + duration_of(sum), frames), 0);
        sum += frames;
        EXPECT_EQ(arrivals.end(), sum);
    }
}

TEST_F(ArrivalsTest, StartTellsWhenTheFirstPacketWasDue) {
    arrivals.on_start(good());
    packet(kBegin + 15ms);
    EXPECT_EQ(arrivals.timeline().origin, kBegin + 11ms);
    EXPECT_EQ(arrivals.timeline().delay, 11ms);
}

TEST_F(ArrivalsTest, AStartThatCannotBeTrueIsNotTaken) {
    arrivals.on_start(good());
    packet(kBegin + 200ms);
    EXPECT_EQ(arrivals.timeline().origin, kBegin + 200ms);
}

TEST_F(ArrivalsTest, AnotherHostIsToldByItsClock) {
    arrivals.on_start({2, 1, 48000, stamp(kBegin) + 5000});
    (void)arrivals.on_packet(kBegin + 10ms, stamp(kBegin) + 5010, 480);
    EXPECT_FALSE(arrivals.same_host());
    EXPECT_EQ(arrivals.timeline().origin, kBegin + 10ms);
}

TEST_F(ArrivalsTest, TheServersClockWraps) {
    const TimePoint wrap = TimePoint{} + Milliseconds(std::int64_t{1} << 32);
    arrivals.on_start({2, 1, 48000, 0xffff'fffeU});
    (void)arrivals.on_packet(wrap + 9ms, 9, 480);
    EXPECT_TRUE(arrivals.same_host());
    EXPECT_EQ(arrivals.timeline().origin, wrap + 9ms);
}

TEST_F(ArrivalsTest, AStreamAfterAnotherGoesOnCounting) {
    arrivals.on_start(good());
    packet(kBegin + 11ms);
    arrivals.on_start(good(kBegin + 1s)); // without a STOP
    EXPECT_EQ(arrivals.timeline().end, 480) << "what there was ends";
    packet(kBegin + 1011ms);
    EXPECT_EQ(arrivals.timeline().stream, 2U);
    EXPECT_EQ(arrivals.timeline().begin, 480);
    EXPECT_EQ(arrivals.timeline().end, Timeline::kOpen);
    EXPECT_EQ(arrivals.timeline().origin, kBegin + 1011ms - 10ms);
}

TEST_F(ArrivalsTest, LostPacketsAreMadeUpInWhole) {
    arrivals.on_start(good());
    TimePoint now = kBegin;
    for (int i = 0; i < 100; ++i) {
        packet(now += 10ms);
    }
    now += 23ms;
    Frames missing = 0;
    for (int i = 0; i < 150 && missing == 0; ++i) {
        missing = packet(now += 10ms);
    }
    EXPECT_EQ(missing, 2 * 480);
    EXPECT_EQ(arrivals.counters().lost, 2 * 480);
    EXPECT_EQ(arrivals.timeline().origin, kBegin + 10ms + 3ms) << "the rest was a clock that stood";
}

} // namespace

} // namespace spicykvm::audio
