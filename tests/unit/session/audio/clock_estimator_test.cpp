// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/clock_estimator.h"

#include <cmath>
#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1)};

class ClockEstimatorTest : public testing::Test {
  protected:
    /// `seconds` of cycles of a device `ppm` fast; every `late_every`th is `late` late.
    TimePoint run(double seconds, double ppm, Frames quantum = 256, int late_every = 0,
                  Nanoseconds late = {}) {
        TimePoint smoothed;
        for (const double end = true_ns + seconds * 1e9; true_ns < end; ++cycle) {
            true_ns += static_cast<double>(quantum) * 1e9 / (48000 * (1 + ppm * 1e-6));
            ticks += quantum;
            TimePoint now = true_time();
            if (late_every > 0 && cycle % late_every == 0) {
                now += late;
            }
            smoothed = clock.update(now, ticks, 48000);
        }
        return smoothed;
    }
    [[nodiscard]] TimePoint true_time() const {
        return kBegin + Nanoseconds(std::llround(true_ns));
    }
    double true_ns = 0;
    Frames ticks = 0;
    int cycle = 0;
    ClockEstimator clock;
};

TEST_F(ClockEstimatorTest, FindsTheRate) {
    for (const double ppm : {-200.0, 0.0, 300.0}) {
        run(120, ppm);
        EXPECT_NEAR((clock.rate() - 1) * 1e6, ppm, 0.05);
    }
    EXPECT_EQ(clock.jumps(), 0U);
}

TEST_F(ClockEstimatorTest, ALateWakeUpHardlyCounts) {
    run(60, 100);
    const TimePoint smoothed = run(0.02, 100, 256, 2, Milliseconds(20));
    EXPECT_LT(std::chrono::abs(smoothed - true_time()), Microseconds(100));
    run(60, 100, 256, 50, Milliseconds(3));
    EXPECT_NEAR((clock.rate() - 1) * 1e6, 100, 3);
    EXPECT_EQ(clock.jumps(), 0U);
}

TEST_F(ClockEstimatorTest, AJumpOfTheDeviceIsFollowed) {
    run(60, 100);
    true_ns += 50e6;
    const TimePoint smoothed = run(0.2, 100);
    EXPECT_EQ(clock.jumps(), 1U);
    EXPECT_LT(std::chrono::abs(smoothed - true_time()), Microseconds(50));
    EXPECT_NEAR((clock.rate() - 1) * 1e6, 100, 5) << "the rate is kept";
}

TEST_F(ClockEstimatorTest, QuantaMayChange) {
    for (const Frames quantum : {64, 1024, 32, 8192, 256}) {
        run(30, -50, quantum);
    }
    EXPECT_EQ(clock.jumps(), 0U);
    EXPECT_NEAR((clock.rate() - 1) * 1e6, -50, 0.5);
}

TEST_F(ClockEstimatorTest, ASecondRequestOfACycleIsTheSameTime) {
    const TimePoint first = clock.update(kBegin, 1000, 48000);
    EXPECT_EQ(clock.update(kBegin + Milliseconds(1), 1000, 48000), first);
}

TEST_F(ClockEstimatorTest, TicksThatGoBackOrFarBeginAnew) {
    run(10, 0);
    EXPECT_EQ(clock.update(kBegin + Milliseconds(77), 5, 48000), kBegin + Milliseconds(77));
    EXPECT_EQ(clock.update(kBegin + Milliseconds(99), 5'000'000, 48000), kBegin + Milliseconds(99));
    EXPECT_EQ(clock.update(kBegin + Milliseconds(100), 5'000'100, 44100),
              kBegin + Milliseconds(100));
    EXPECT_EQ(clock.rate(), 1) << "of another graph nothing is known";
}

TEST_F(ClockEstimatorTest, ABrokenClockStaysWithinBounds) {
    run(60, 50'000);
    EXPECT_LE(std::abs(clock.rate() - 1), ClockEstimator::kMaxDeviation * 1.02);
}

} // namespace

} // namespace spicykvm::audio
