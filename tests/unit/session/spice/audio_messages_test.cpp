// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/audio_messages.h"

#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::session {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Every prefix of `whole` must be refused, `whole` itself and more taken.
template <typename Message>
void expect_needs_all_of(Bytes whole) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(Message::parse(ByteSpan(whole).first(size))) << size << " bytes";
    }
    EXPECT_TRUE(Message::parse(whole));
    whole.push_back(0xff);
    EXPECT_TRUE(Message::parse(whole)) << "a newer server may say more";
}

const Bytes kStart{2, 0, 0, 0, 1, 0, 0x80, 0xbb, 0, 0, 0x78, 0x56, 0x34, 0x12};

TEST(PlaybackStart, IsRead) {
    const auto start = PlaybackStart::parse(kStart);
    ASSERT_TRUE(start);
    EXPECT_EQ(start->channels, 2U);
    EXPECT_EQ(start->format, SPICE_AUDIO_FMT_S16);
    EXPECT_EQ(start->frequency, 48000U);
    EXPECT_EQ(start->time, 0x12345678U);
    expect_needs_all_of<PlaybackStart>(kStart);
}

TEST(PlaybackMode, IsRead) {
    const auto mode = PlaybackMode::parse(Bytes{1, 0, 0, 0, 3, 0});
    ASSERT_TRUE(mode);
    EXPECT_EQ(mode->time, 1U);
    EXPECT_EQ(mode->mode, SPICE_AUDIO_DATA_MODE_OPUS);
    expect_needs_all_of<PlaybackMode>({1, 0, 0, 0, 3, 0});
}

TEST(PlaybackData, IsOfWholeFrames) {
    Bytes body{9, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    const auto data = PlaybackData::parse(body);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->time, 9U);
    EXPECT_EQ(data->samples.size(), 8U);
    EXPECT_EQ(data->samples[7], 8);
    for (std::size_t size = 0; size < body.size(); ++size) {
        EXPECT_EQ(PlaybackData::parse(ByteSpan(body).first(size)).has_value(),
                  size == 4 || size == 8);
    }
}

TEST(AudioVolume, OfNoneOneAndManyChannels) {
    EXPECT_EQ(AudioVolume::parse(Bytes{0})->channels, 0U);
    const auto one = AudioVolume::parse(Bytes{1, 0x34, 0x12});
    ASSERT_TRUE(one);
    EXPECT_EQ(one->get()[0], 0x1234);
    Bytes most{255};
    for (int i = 0; i < 255; ++i) {
        most.insert(most.end(), {static_cast<std::uint8_t>(i), 0});
    }
    const auto many = AudioVolume::parse(most);
    ASSERT_TRUE(many);
    EXPECT_EQ(many->channels, AudioVolume::kMaxChannels);
    EXPECT_EQ(many->get().back(), 7);
    expect_needs_all_of<AudioVolume>({2, 1, 2, 3, 4});
    expect_needs_all_of<AudioVolume>(most);
}

TEST(AudioMute, IsRead) {
    EXPECT_TRUE(AudioMute::parse(Bytes{7})->mute);
    EXPECT_FALSE(AudioMute::parse(Bytes{0})->mute);
    expect_needs_all_of<AudioMute>({1});
}

TEST(RecordStart, IsRead) {
    const auto start = RecordStart::parse(ByteSpan(kStart).first(10));
    ASSERT_TRUE(start);
    EXPECT_EQ(start->channels, 2U);
    EXPECT_EQ(start->frequency, 48000U);
    expect_needs_all_of<RecordStart>(Bytes(kStart.begin(), kStart.begin() + 10));
}

TEST(RecordMessages, AreOfTheWire) {
    const auto mode = encode_record_mode(5, SPICE_AUDIO_DATA_MODE_RAW);
    EXPECT_EQ(Bytes(mode.begin(), mode.end()), (Bytes{102, 0, 6, 0, 0, 0, 5, 0, 0, 0, 1, 0}));
    const auto mark = encode_record_start_mark(0x01020304);
    EXPECT_EQ(Bytes(mark.begin(), mark.end()), (Bytes{103, 0, 4, 0, 0, 0, 4, 3, 2, 1}));
}

TEST(RecordData, HoldsAPacketAndNoMore) {
    RecordData data;
    const std::vector<std::uint32_t> frames{0x44332211, 0x88776655};
    const ByteSpan two = data.encode(7, frames);
    EXPECT_EQ(Bytes(two.begin(), two.end()), (Bytes{101, 0, 12, 0, 0, 0, 7, 0, 0, 0, 0x11, 0x22,
                                                    0x33, 0x44, 0x55, 0x66, 0x77, 0x88}));
    const std::vector<std::uint32_t> many(RecordData::kMaxFrames + 1, 1);
    EXPECT_EQ(data.encode(0, many).size(), 6 + 4 + RecordData::kMaxFrames * 4);
    EXPECT_EQ(data.encode(0, {}).size(), 10U);
}

} // namespace

} // namespace spicykvm::session
