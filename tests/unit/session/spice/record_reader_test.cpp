// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/record_reader.h"
#include "support/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using test::Wire;

class RecordReaderTest : public testing::Test {
  protected:
    bool feed(std::uint16_t type, ByteSpan body = {}) {
        return reader.feed(Wire().message(type, body));
    }
    bool start(std::uint32_t channels = 2, std::uint32_t rate = 48000) {
        return feed(SPICE_MSG_RECORD_START, Wire().u32(channels).u16(1).u32(rate));
    }

    spice::OutBuffer out{4096};
    std::unique_ptr<audio::RecordShared> shared = std::make_unique<audio::RecordShared>();
    RecordReader reader{out, *shared, audio::VolumeLaw::Linear};
};

TEST_F(RecordReaderTest, FollowsStartAndStop) {
    EXPECT_FALSE(reader.state().recording);
    ASSERT_TRUE(start());
    EXPECT_TRUE(reader.state().recording);
    EXPECT_EQ(reader.starts(), 1u);
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_STOP));
    EXPECT_FALSE(reader.state().recording);
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_STOP));
    EXPECT_FALSE(reader.state().recording);
}

TEST_F(RecordReaderTest, EachStartCounts) {
    ASSERT_TRUE(start());
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_STOP));
    ASSERT_TRUE(start());
    ASSERT_TRUE(start());
    EXPECT_EQ(reader.starts(), 3u);
    EXPECT_EQ(reader.changes(), 4u);
}

TEST_F(RecordReaderTest, OtherFormatsAreRefusedWithAReason) {
    ASSERT_TRUE(start(1, 16000));
    EXPECT_FALSE(reader.state().recording);
    EXPECT_EQ(problem_of(reader.state()),
              "the VM records in a format that is not supported: 1 channels, 16000 Hz, SPICE "
              "format 1; allowed: 2 channels, 48000 Hz, 1 (S16)");
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_STOP));
    EXPECT_EQ(problem_of(reader.state()), "");
}

TEST_F(RecordReaderTest, VolumeAndMuteAreOfTheMicrophone) {
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_MUTE, Wire().u8(1)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{0, 0}));
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_VOLUME, Wire().u8(2).u16(0).u16(65535)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{0, 0}));
    ASSERT_TRUE(feed(SPICE_MSG_RECORD_MUTE, Wire().u8(0)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{0, 1}));
}

TEST_F(RecordReaderTest, ShortMessagesEndTheChannel) {
    const std::vector<std::pair<std::uint16_t, std::size_t>> shortest = {
        {SPICE_MSG_RECORD_START, 10}, {SPICE_MSG_RECORD_VOLUME, 1}, {SPICE_MSG_RECORD_MUTE, 1}};
    for (const auto& [type, size] : shortest) {
        const test::Bytes zeros(size, 0);
        for (std::size_t length = 0; length < size; ++length) {
            RecordReader fresh(out, *shared, audio::VolumeLaw::Hda);
            EXPECT_FALSE(fresh.feed(Wire().message(type, ByteSpan(zeros).first(length))));
            EXPECT_EQ(fresh.error(), "a message that is too short");
        }
        RecordReader fresh(out, *shared, audio::VolumeLaw::Hda);
        EXPECT_TRUE(fresh.feed(Wire().message(type, zeros))) << type;
    }
}

TEST_F(RecordReaderTest, GarbageEndsTheChannel) {
    EXPECT_FALSE(reader.feed(Wire().u16(101).u32(0x7fffffff)));
    EXPECT_EQ(reader.error(), "a message of more than 1 MiB");
}

} // namespace

} // namespace spicykvm::session
