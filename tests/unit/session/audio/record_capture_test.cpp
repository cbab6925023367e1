// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/record.h"
#include "sim/tone.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numbers>
#include <vector>

namespace spicykvm::audio {

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1)};

class RecordCaptureTest : public testing::Test {
  protected:
    void push(std::span<const float> input, double ppm = 0) {
        const auto frames = static_cast<Frames>(input.size() / kChannels);
        now += static_cast<double>(frames) / (48000 * (1 + ppm * 1e-6));
        ticks += frames;
        capture.push(
            {kBegin + Nanoseconds(static_cast<std::int64_t>(now * 1e9)), ticks, 48000, frames},
            input);
    }
    std::vector<PackedFrame> last(std::size_t count) {
        std::vector<PackedFrame> frames(count);
        EXPECT_TRUE(shared.ring.read(shared.ring.end() - static_cast<Frames>(count), frames));
        return frames;
    }
    double now = 0;
    Frames ticks = 0;
    RecordShared shared;
    RecordCapture capture{shared};
};

TEST_F(RecordCaptureTest, ATonesFrequencyIsPutRight) {
    double n = 0;
    for (int i = 0; i < 4000; ++i) { // a device 300 ppm fast sees 1 kHz as less
        std::vector<float> block;
        for (int k = 0; k < 256; ++k, ++n) {
            const double turn = std::fmod(1000.0 / 48000 / 1.0003 * n, 1.0);
            block.insert(block.end(), 2,
                         static_cast<float>(std::sin(2 * std::numbers::pi * turn) / 2));
        }
        push(block, 300);
    }
    std::vector<float> samples;
    for (const PackedFrame frame : last(16384)) {
        samples.push_back(static_cast<float>(left_of(frame)) / 32768);
    }
    EXPECT_GE(sim::signal_to_noise(samples, 1000.0 / 48000), 75) << "of 16 bits";
    EXPECT_EQ(capture.faults(), 0U);
    EXPECT_NEAR(static_cast<double>(shared.ring.end()), now * 48000, 3);
}

TEST_F(RecordCaptureTest, ClipsAndTakesWhatIsNoNumberForSilence) {
    for (const float value : {10.0F, -10.0F}) {
        for (int i = 0; i < 10; ++i) {
            push(std::vector<float>(512, value));
        }
        EXPECT_EQ(left_of(last(1)[0]), value > 0 ? 32767 : -32768);
    }
    for (int i = 0; i < 10; ++i) {
        push(std::vector<float>(512, std::numeric_limits<float>::quiet_NaN()));
    }
    EXPECT_EQ(last(1)[0], 0U);
}

TEST_F(RecordCaptureTest, TheGuestsMuteIsItsOwn) {
    shared.guest.set({0, 0});
    for (int i = 0; i < 10; ++i) {
        push(std::vector<float>(512, 0.5F));
    }
    EXPECT_EQ(last(1)[0], 0U);
    EXPECT_EQ(shared.quantum.load(), 256);
}

TEST_F(RecordCaptureTest, AnyBlock) {
    for (const std::size_t frames : {0U, 1U, 31U, 8192U, 20'000U}) {
        push(std::vector<float>(frames * kChannels, 0.1F));
    }
    EXPECT_EQ(capture.faults(), 0U);
}

} // namespace

} // namespace spicykvm::audio
