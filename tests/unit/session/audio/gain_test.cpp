// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/gain.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::audio {

namespace {

double decibels(float amplitude) {
    return 20 * std::log10(static_cast<double>(amplitude));
}

/// What QEMU's HDA codec sends for a guest's amplifier step: floor(step * 255 / 74) * 257.
std::uint16_t hda_volume(int step) {
    return static_cast<std::uint16_t>(step * 255 / 74 * 257);
}

TEST(VolumeLaw, EveryStepOfTheHdaCodecIsItsDecibels) {
    EXPECT_EQ(amplitude_of(VolumeLaw::Hda, hda_volume(0)), 0);
    for (int step = 1; step <= 74; ++step) {
        EXPECT_NEAR(decibels(amplitude_of(VolumeLaw::Hda, hda_volume(step))), step - 74, 0.5)
            << "step " << step;
    }
}

TEST(VolumeLaw, AllOfThemEndAtFullAndNeverFall) {
    for (const VolumeLaw law :
         {VolumeLaw::Hda, VolumeLaw::Ac97, VolumeLaw::Cubic, VolumeLaw::Linear}) {
        EXPECT_EQ(amplitude_of(law, 0), 0);
        EXPECT_EQ(amplitude_of(law, 65535), 1);
        for (int v = 1; v <= 65535; ++v) {
            ASSERT_LE(amplitude_of(law, static_cast<std::uint16_t>(v - 1)),
                      amplitude_of(law, static_cast<std::uint16_t>(v)));
        }
    }
    EXPECT_EQ(amplitude_of(VolumeLaw::Ignore, 0), 1);
    EXPECT_NEAR(decibels(amplitude_of(VolumeLaw::Ac97, 65535 / 31 * 21)), -15, 0.1);
}

TEST(GainRamp, LeavesFullVolumeAlone) {
    GainRamp ramp;
    std::vector<float> frames(100, 0.25F);
    ramp.apply(frames);
    EXPECT_EQ(frames, std::vector<float>(100, 0.25F));
}

TEST(GainRamp, IsContinuousWhateverHappens) {
    GainRamp ramp;
    std::vector<float> all;
    for (int block = 0; block < 400; ++block) {
        const auto value = static_cast<float>((block * 37) % 100) / 100;
        ramp.set_target(block % 3 == 0 ? StereoGain{0, value} : StereoGain{value, 1});
        std::vector<float> frames(static_cast<std::size_t>(2 * (1 + (block * 13) % 300)), 1.0F);
        ramp.apply(frames);
        all.insert(all.end(), frames.begin(), frames.end());
    }
    for (std::size_t i = 2; i < all.size(); ++i) {
        ASSERT_LE(std::abs(all[i] - all[i - 2]), 1.01F / GainRamp::kRampFrames);
    }
}

TEST(GainRamp, ArrivesExactlyAndKeepsTheBalance) {
    GainRamp ramp;
    ramp.set_target({0.5F, 0.25F});
    std::vector<float> frames(2 * 481, 1.0F);
    ramp.apply(frames);
    EXPECT_EQ(frames[960], 0.5F);
    EXPECT_EQ(frames[961], 0.25F);
}

} // namespace

} // namespace spicykvm::audio
