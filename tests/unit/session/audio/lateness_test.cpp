// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/lateness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::uint32_t stamp_of(TimePoint time) {
    return static_cast<std::uint32_t>(
        std::chrono::floor<Milliseconds>(time.time_since_epoch()).count());
}

TEST(Histogram, IsEmptyAtFirst) {
    const Histogram histogram;
    EXPECT_EQ(histogram.quantile(0.5), 0us);
    EXPECT_EQ(percentiles_of(histogram), Percentiles{});
}

TEST(Histogram, TellsQuantilesToSixPercent) {
    Histogram histogram;
    for (int us = 1; us <= 100'000; ++us) {
        histogram.add(Microseconds(us));
    }
    const Percentiles found = percentiles_of(histogram);
    EXPECT_NEAR(static_cast<double>(found.p50.count()), 50'000, 3200);
    EXPECT_NEAR(static_cast<double>(found.p99.count()), 99'000, 6200);
    EXPECT_NEAR(static_cast<double>(found.p999.count()), 99'900, 6300);
    EXPECT_EQ(found.max, 100'000us);
    EXPECT_GE(found.p50, 50'000us); // from above
}

TEST(Histogram, IsExactBelowSixteenMicroseconds) {
    for (int us = 0; us < 16; ++us) {
        Histogram histogram;
        histogram.add(Microseconds(us));
        histogram.add(1s);
        EXPECT_EQ(histogram.quantile(0.5), Microseconds(us));
    }
}

TEST(Histogram, TakesAnything) {
    Histogram histogram;
    histogram.add(-5ms);
    EXPECT_EQ(histogram.max(), 0us);
    histogram.add(Nanoseconds::max());
    EXPECT_EQ(histogram.count(), 2u);
    EXPECT_GT(histogram.quantile(1), 15s);
}

TEST(AgeOfStamp, CountsOnOverTheWrap) {
    const TimePoint now{4'294'967'301ms + 250us}; // 5 ms after it
    EXPECT_EQ(age_of_stamp(0xfffffff0U, now), 21ms + 250us);
    EXPECT_EQ(age_of_stamp(5, now), 250us);
    EXPECT_EQ(age_of_stamp(15, now), -10ms + 250us);
}

class LatenessSplitTest : public testing::Test {
  protected:
    /// Packets of a timer of `tick`, never in step with them.
    void play(Nanoseconds tick, int packets, Nanoseconds transport) {
        const TimePoint begin{std::chrono::hours(1)};
        TimePoint turn = begin;
        for (int i = 0; i < packets; ++i) {
            const TimePoint due = begin + i * 10ms;
            while (turn < due) {
                turn += tick + 37us;
            }
            split.on_packet(turn + transport, stamp_of(turn), due, true);
        }
    }
    LatenessSplit split;
};

TEST_F(LatenessSplitTest, KnowsNothingOfTheTimerAtFirst) {
    play(10ms, static_cast<int>(LatenessSplit::kEnough) - 1, 40us);
    EXPECT_EQ(split.report().tick, 0us);
}

TEST_F(LatenessSplitTest, FindsTheTimersPeriod) {
    for (const Milliseconds tick : {1ms, 2ms, 5ms, 10ms, 20ms}) {
        split = {};
        play(tick, 3000, 40us);
        const auto found = static_cast<double>(split.report().tick.count());
        EXPECT_NEAR(found, static_cast<double>(tick.count()) * 1000, 0.15 * found)
            << tick.count() << " ms";
    }
}

TEST_F(LatenessSplitTest, BlamesTheTransportForWhatIsAfterTheStamp) {
    play(1ms, 1000, 7ms);
    const auto report = split.report();
    EXPECT_GE(report.transport.p50, 6ms);
    EXPECT_LE(report.transport.max, 7ms);
    EXPECT_LT(report.vm.p99, 3ms);
}

TEST_F(LatenessSplitTest, BlamesTheVmForWhatIsBefore) {
    play(20ms, 1000, 0us);
    const auto report = split.report();
    EXPECT_GT(report.vm.p99, 15ms);
    EXPECT_EQ(report.transport.max, 0us);
}

TEST_F(LatenessSplitTest, TheStampsOfAnotherHostTellNothing) {
    const TimePoint due{std::chrono::hours(1)};
    for (int i = 0; i < 1000; ++i) {
        split.on_packet(due + 5ms, 123456, due, false);
    }
    const auto report = split.report();
    EXPECT_EQ(report.transport.max, 5ms);
    EXPECT_EQ(report.vm, Percentiles{});
    EXPECT_EQ(report.tick, 0us);
}

TEST_F(LatenessSplitTest, ForgetsAfterTwoMinutes) {
    const TimePoint begin{std::chrono::hours(1)};
    split.on_packet(begin + 90ms, stamp_of(begin + 90ms), begin, true);
    const auto later = [&](Nanoseconds after) {
        split.on_packet(begin + after, stamp_of(begin + after), begin + after, true);
        return split.report().vm.max;
    };
    EXPECT_EQ(later(59s), 90ms);
    EXPECT_EQ(later(61s), 90ms);
    EXPECT_EQ(later(122s), 0ms);
}

TEST(TimerHint, IsGivenForASlowTimer) {
    EXPECT_THAT(timer_hint(10'100us), HasSubstr("about 10 ms"));
    EXPECT_THAT(timer_hint(10'100us), HasSubstr("about 9 ms less"));
    EXPECT_THAT(timer_hint(10'100us), HasSubstr("timerPeriod='1000'"));
}

TEST(TimerHint, IsNotGivenForAFastOrUnknownOne) {
    EXPECT_EQ(timer_hint(0us), "");
    EXPECT_EQ(timer_hint(2000us), "");
    EXPECT_EQ(timer_hint(3999us), "");
    EXPECT_NE(timer_hint(4000us), "");
}

} // namespace

} // namespace spicykvm::audio
