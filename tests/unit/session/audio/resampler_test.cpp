// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/resampler.h"
#include "sim/tone.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <vector>

namespace spicykvm::audio {

namespace {

/// A tone of `hz`, resampled at `step` in blocks of `block`.
std::vector<float> resampled(double hz, double step, std::size_t blocks, Frames block = 256) {
    Resampler resampler;
    Phase phase;
    std::vector<float> all;
    std::vector<float> output(static_cast<std::size_t>(block) * kChannels);
    double n = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
        std::vector<float> input;
        for (Frames k = phase.advance(block, step); k > 0; --k, ++n) {
            const double turn = std::fmod(hz / 48000 * n, 1.0);
            const auto x = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * turn));
            input.insert(input.end(), {x, -x});
        }
        EXPECT_TRUE(resampler.process(input, output, step));
        all.insert(all.end(), output.begin(), output.end());
    }
    return all;
}

TEST(Resampler, IsCleanAtAnyRatio) {
    for (const double ppm : {-5000.0, -200.0, -1.0, 0.0, 33.0, 100.0, 200.0, 5000.0}) {
        const double step = 1 + ppm * 1e-6;
        for (const double hz : {1000.0, 6000.0, 15000.0}) {
            const auto all = resampled(hz, step, 140);
            const auto settled = std::span(all).subspan(1024);
            // Beyond what clocks do the target is that of the highest tone.
            const double least = std::abs(ppm) < 1000 || hz > 10'000 ? 100 : 98;
            EXPECT_GE(sim::signal_to_noise(settled, hz / 48000 * step, 2), least)
                << hz << " Hz at " << ppm << " ppm";
        }
    }
}

TEST(Resampler, HoldsBackWhatItSays) {
    Resampler resampler;
    std::vector<float> input(512, 0.0F);
    std::vector<float> output(512);
    input[200] = 1; // frame 100, left
    EXPECT_TRUE(resampler.process(input, output, 1));
    const auto peak = std::max_element(output.begin(), output.end()) - output.begin();
    EXPECT_EQ(peak, 200 + 2 * Resampler::kHeld);
    EXPECT_LE(static_cast<double>(Resampler::kHeld) / 48, 1) << "ms";
}

TEST(Resampler, TheRatioMayChangeWithEveryCall) {
    Resampler resampler;
    Phase phase;
    std::vector<float> output(512);
    Frames fed = 0;
    double position = 0;
    for (int i = 0; i < 20'000; ++i) {
        const double step = 1 + 0.005 * std::sin(i * 0.1);
        const Frames count = phase.advance(256, step);
        fed += count;
        position += 256 * step;
        const std::vector<float> input(static_cast<std::size_t>(count) * kChannels, 0.5F);
        ASSERT_TRUE(resampler.process(input, output, step));
        ASSERT_LE(std::abs(position - static_cast<double>(fed)), 1.000001);
        if (i > 1) {
            ASSERT_NEAR(output[100], 0.5, 1e-4);
        }
    }
}

TEST(Resampler, ANewRatioHoldsFromItsFirstFrame) {
    Resampler resampler;
    Phase phase;
    std::vector<float> output(512);
    double n = 0;
    const auto block = [&](double step) { // of a slope, so that a value tells its position
        std::vector<float> input;
        for (Frames k = phase.advance(256, step); k > 0; --k, ++n) {
            input.insert(input.end(), 2, static_cast<float>(n * 1e-3));
        }
        EXPECT_TRUE(resampler.process(input, output, step));
    };
    block(1);
    block(1);
    block(1.005);
    for (std::size_t i = 0; i < 256; ++i) {
        const double position = 512 + static_cast<double>(i) * 1.005 - Resampler::kHeld;
        ASSERT_NEAR(static_cast<double>(output[2 * i]) * 1e3, position, 0.1) << i;
    }
}

TEST(Resampler, AnyBlockSize) {
    for (const Frames block : {1, 7, 32, 139, 1024, 8100}) {
        const auto all = resampled(1000, 1.0001, static_cast<std::size_t>(40'000 / block), block);
        EXPECT_GE(sim::signal_to_noise(std::span(all).subspan(1024), 1000.0 / 48000 * 1.0001, 2),
                  100)
            << block;
    }
}

TEST(Phase, IsExactAfterABillionFrames) {
    Phase phase;
    const double step = 1.0000371;
    Frames fed = 0;
    for (int i = 0; i < 125'000; ++i) {
        fed += phase.advance(8000, step);
    }
    EXPECT_NEAR(static_cast<double>(fed) + phase.after(0, step), 1e9 * step, 1e-3);
}

TEST(Resampler, AfterAResetSilenceComesFirst) {
    Resampler resampler;
    std::vector<float> output(512);
    const std::vector<float> input(512, 0.5F);
    EXPECT_TRUE(resampler.process(input, output, 1));
    resampler.reset();
    EXPECT_TRUE(resampler.process(std::vector<float>(512, 0.0F), output, 1));
    for (const float sample : output) {
        EXPECT_EQ(sample, 0);
    }
}

} // namespace

} // namespace spicykvm::audio
