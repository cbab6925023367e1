// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/capture_clock.h"

#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1)};

class CaptureClockTest : public testing::Test {
  protected:
    /// Blocks of a device `ppm` fast for `seconds`; returns the output's frames.
    Frames run(double seconds, double ppm, Frames frames = 256) {
        Frames output = 0;
        for (const double end = now + seconds; now < end;) {
            now += static_cast<double>(frames) / (48000 * (1 + ppm * 1e-6));
            ticks += frames;
            last = clock.next(
                {kBegin + Nanoseconds(static_cast<std::int64_t>(now * 1e9)), ticks, 48000, frames});
            output += last.gap + (last.drop ? 0 : last.output);
        }
        return output;
    }
    double now = 0;
    Frames ticks = 0;
    Intake last;
    CaptureClock clock;
};

TEST_F(CaptureClockTest, GivesExactlyARealSecondsFrames) {
    for (const double ppm : {0.0, 200.0, -200.0, 5.0}) {
        run(60, ppm);
        const double before = now;
        const Frames output = run(100, ppm);
        EXPECT_NEAR(static_cast<double>(output), (now - before) * 48000, 3) << ppm;
        EXPECT_NEAR(last.step, 1 + ppm * 1e-6, 1e-6);
    }
}

TEST_F(CaptureClockTest, MissedCyclesAreSilence) {
    run(60, 50);
    ticks += 2048;
    now += 2048 / 48000.0;
    run(0.001, 50);
    EXPECT_NEAR(static_cast<double>(last.gap), 2048, 2);
    EXPECT_FALSE(last.drop);
    run(0.001, 50);
    EXPECT_EQ(last.gap, 0);
}

TEST_F(CaptureClockTest, WhatIsTooMuchIsDropped) {
    run(60, 50);
    const Frames frames = 2048; // of one cycle's time
    last = clock.next(
        {kBegin + Nanoseconds(static_cast<std::int64_t>(now * 1e9)), ticks, 48000, frames});
    EXPECT_TRUE(last.drop);
    const double before = now;
    const Frames output = run(10, 50);
    EXPECT_FALSE(last.drop);
    EXPECT_NEAR(static_cast<double>(output), (now - before) * 48000, 3);
}

} // namespace

} // namespace spicykvm::audio
