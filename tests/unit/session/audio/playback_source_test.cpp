// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/playback.h"

#include <array>
#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::audio {

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1)};

class PlaybackSourceTest : public testing::Test {
  protected:
    void start() { source.on_start({2, 1, 48000, 3'600'000}); }
    void data(std::span<const std::uint8_t> payload) {
        source.on_data(kBegin + Milliseconds(10), 3'600'010, payload);
    }
    PackedFrame frame(Frames position) {
        std::array<PackedFrame, 1> frames{};
        shared.ring.read(position, frames);
        return frames[0];
    }
    PlaybackShared shared;
    PlaybackSource source{shared, {}, VolumeLaw::Hda};
};

TEST_F(PlaybackSourceTest, WritesLittleEndianStereo) {
    start();
    data(std::array<std::uint8_t, 9>{0x34, 0x12, 0xff, 0xff, 0x00, 0x80, 0x01, 0x00, 0x77});
    EXPECT_EQ(shared.ring.end(), 2) << "the ninth byte is of no frame";
    EXPECT_EQ(frame(0), pack(0x1234, -1));
    EXPECT_EQ(frame(1), pack(-32768, 1));
    Timeline timeline;
    ASSERT_TRUE(shared.timeline.load(timeline));
    EXPECT_EQ(timeline.stream, 1U);
    EXPECT_EQ(timeline.delay, Milliseconds(14));
}

TEST_F(PlaybackSourceTest, TakesPacketsLongerThanUsual) {
    start();
    data(std::vector<std::uint8_t>(4800 * 4, 0x11));
    EXPECT_EQ(shared.ring.end(), 4800);
    EXPECT_EQ(frame(4799), pack(0x1111, 0x1111));
}

TEST_F(PlaybackSourceTest, StopEndsTheStreamAndDataAfterItIsIgnored) {
    start();
    data(std::vector<std::uint8_t>(1920, 1));
    source.on_stop();
    source.on_stop();
    data(std::vector<std::uint8_t>(1920, 2));
    Timeline timeline;
    ASSERT_TRUE(shared.timeline.load(timeline));
    EXPECT_EQ(timeline.end, 480);
    EXPECT_EQ(shared.ring.end(), 480);
}

TEST_F(PlaybackSourceTest, VolumeOfAnyNumberOfChannels) {
    source.on_volume({});
    EXPECT_EQ(shared.guest.get(), (StereoGain{1, 1}));
    source.on_volume(std::array<std::uint16_t, 1>{0});
    EXPECT_EQ(shared.guest.get(), (StereoGain{0, 0}));
    source.on_volume(std::array<std::uint16_t, 8>{65535, 0, 1, 2, 3, 4, 5, 6});
    EXPECT_EQ(shared.guest.get(), (StereoGain{1, 0}));
}

TEST_F(PlaybackSourceTest, MuteOutlivesStreams) {
    source.on_mute(true);
    start();
    source.on_stop();
    start();
    EXPECT_EQ(shared.guest.get(), (StereoGain{0, 0}));
    source.on_volume(std::array<std::uint16_t, 2>{65535, 65535});
    EXPECT_EQ(shared.guest.get(), (StereoGain{0, 0}));
    source.on_mute(false);
    EXPECT_EQ(shared.guest.get(), (StereoGain{1, 1}));
}

TEST_F(PlaybackSourceTest, TheGuestsVolumeCanBeIgnored) {
    PlaybackSource ignoring(shared, {}, VolumeLaw::Ignore);
    ignoring.on_mute(true);
    ignoring.on_volume(std::array<std::uint16_t, 2>{0, 0});
    EXPECT_EQ(shared.guest.get(), (StereoGain{1, 1}));
}

} // namespace

} // namespace spicykvm::audio
