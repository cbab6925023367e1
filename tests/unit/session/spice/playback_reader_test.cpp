// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/playback_reader.h"
#include "support/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::Wire;
using testing::HasSubstr;

constexpr std::int16_t kLeft = 1000;

std::uint32_t stamp_of(TimePoint time) {
    return static_cast<std::uint32_t>(
        std::chrono::floor<Milliseconds>(time.time_since_epoch()).count());
}

class PlaybackReaderTest : public testing::Test {
  protected:
    PlaybackReaderTest() {
        settings.same_clock = true;
        settings.volume_law = audio::VolumeLaw::Linear;
    }
    PlaybackReader& reader() {
        if (!reader_) {
            reader_.emplace(out, *shared, settings);
        }
        return *reader_;
    }
    bool feed(std::uint16_t type, ByteSpan body = {}) {
        return reader().feed(Wire().message(type, body), now);
    }
    bool start(std::uint32_t channels = 2, std::uint32_t rate = 48000) {
        return feed(SPICE_MSG_PLAYBACK_START,
                    Wire().u32(channels).u16(1).u32(rate).u32(stamp_of(now)));
    }
    static Bytes packet(std::uint32_t time, std::size_t frames = 480) {
        Wire body;
        body.u32(time);
        for (std::size_t i = 0; i < frames; ++i) {
            body.u16(kLeft).u16(static_cast<std::uint16_t>(i));
        }
        return body.get();
    }
    /// On time.
    bool play(std::size_t frames = 480) {
        now += audio::duration_of(static_cast<audio::Frames>(frames));
        return feed(SPICE_MSG_PLAYBACK_DATA, packet(stamp_of(now), frames));
    }
    [[nodiscard]] audio::Frames written() const { return shared->ring.end(); }

    TimePoint now{1h};
    PlaybackReader::Settings settings;
    spice::OutBuffer out{4096};
    std::unique_ptr<audio::PlaybackShared> shared = std::make_unique<audio::PlaybackShared>();

  private:
    std::optional<PlaybackReader> reader_;
};

TEST_F(PlaybackReaderTest, PlaysWhatComesAfterStart) {
    reader().drained();
    ASSERT_TRUE(start());
    EXPECT_TRUE(reader().state().playing);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(play());
    }
    ASSERT_EQ(written(), 3 * 480);
    std::array<audio::PackedFrame, 480> frames{};
    ASSERT_TRUE(shared->ring.read(480, frames));
    EXPECT_EQ(audio::left_of(frames[7]), kLeft);
    EXPECT_EQ(audio::right_of(frames[7]), 7);
    EXPECT_EQ(reader().arrivals().counters().lost, 0);
}

TEST_F(PlaybackReaderTest, TakesBytesInAnyPortions) {
    reader().drained();
    ASSERT_TRUE(start());
    now += 10ms;
    const Bytes data = Wire().message(SPICE_MSG_PLAYBACK_DATA, packet(stamp_of(now))).get();
    for (const std::uint8_t byte : data) {
        ASSERT_TRUE(reader().feed(ByteSpan(&byte, 1), now));
    }
    EXPECT_EQ(written(), 480);
}

TEST_F(PlaybackReaderTest, WhatTheSocketHeldIsNeitherPlayedNorLearned) {
    ASSERT_TRUE(start());
    for (int i = 0; i < 50; ++i) {
        const std::uint32_t old = stamp_of(now) + 10U * static_cast<unsigned>(i);
        ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_DATA, packet(old)));
    }
    now += 25ms; // little enough to be taken for jitter
    const auto jitter = reader().state().jitter;
    reader().drained();
    EXPECT_EQ(written(), 0);
    for (int i = 0; i < 200; ++i) {
        ASSERT_TRUE(play());
    }
    EXPECT_EQ(written(), 200 * 480);
    EXPECT_LE(reader().state().jitter, jitter);
    EXPECT_LE(reader().state().lateness.vm.max, 1ms);
    EXPECT_EQ(reader().arrivals().policy().stalls(), 0u);
}

TEST_F(PlaybackReaderTest, WhatTheServerHeldIsStaleToo) {
    reader().drained();
    ASSERT_TRUE(start());
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_DATA, packet(stamp_of(now) - 2000)));
    EXPECT_EQ(written(), 0);
    ASSERT_TRUE(play());
    EXPECT_EQ(written(), 480);
    // Once there was fresh sound, lateness is for others to judge.
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_DATA, packet(stamp_of(now) - 2000)));
    EXPECT_EQ(written(), 960);
}

TEST_F(PlaybackReaderTest, AnotherHostsStampsSayNothingOfAge) {
    settings.same_clock = false;
    reader().drained();
    ASSERT_TRUE(start());
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_DATA, packet(12345)));
    EXPECT_EQ(written(), 480);
}

TEST_F(PlaybackReaderTest, SoundBeforeStartAndAfterStopIsDropped) {
    reader().drained();
    ASSERT_TRUE(play());
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_STOP)); // without a start
    ASSERT_TRUE(start());
    ASSERT_TRUE(play());
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_STOP));
    ASSERT_TRUE(play());
    EXPECT_FALSE(reader().state().playing);
    EXPECT_EQ(written(), 480);
}

TEST_F(PlaybackReaderTest, ASecondStartBeginsAnew) {
    reader().drained();
    ASSERT_TRUE(start());
    ASSERT_TRUE(play());
    now += 5s;
    ASSERT_TRUE(start());
    ASSERT_TRUE(play());
    EXPECT_EQ(written(), 960); // no silence for the five seconds
    EXPECT_TRUE(reader().state().playing);
}

TEST_F(PlaybackReaderTest, PacketsOfAnySizeAreTaken) {
    reader().drained();
    ASSERT_TRUE(start());
    for (const std::size_t frames : {0U, 1U, 479U, 480U, 481U, 1000U}) {
        ASSERT_TRUE(play(frames)) << frames;
    }
    EXPECT_EQ(written(), 0 + 1 + 479 + 480 + 481 + 1000);
}

TEST_F(PlaybackReaderTest, MoreThanTheServerEverSendsEndsTheChannel) {
    reader().drained();
    ASSERT_TRUE(start());
    EXPECT_TRUE(feed(SPICE_MSG_PLAYBACK_DATA, packet(1, 1023))); // 4096 bytes
    EXPECT_FALSE(feed(SPICE_MSG_PLAYBACK_DATA, packet(1, 1024)));
    EXPECT_THAT(reader().error(), HasSubstr("more sound"));
}

TEST_F(PlaybackReaderTest, OtherFormatsAreRefusedWithAReason) {
    reader().drained();
    ASSERT_TRUE(start(1, 44100));
    EXPECT_FALSE(reader().state().playing);
    EXPECT_EQ(problem_of(reader().state()),
              "the VM plays in a format that is not supported: 1 channels, 44100 Hz, SPICE format "
              "1; allowed: 2 channels, 48000 Hz, 1 (S16)");
    ASSERT_TRUE(play());
    EXPECT_EQ(written(), 0);
    ASSERT_TRUE(start());
    EXPECT_EQ(problem_of(reader().state()), "");
    ASSERT_TRUE(play());
    EXPECT_EQ(written(), 480);
}

TEST_F(PlaybackReaderTest, CompressedSoundIsRefusedWithAReason) {
    reader().drained();
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_MODE, Wire().u32(0).u16(SPICE_AUDIO_DATA_MODE_OPUS)));
    ASSERT_TRUE(start());
    ASSERT_TRUE(play());
    EXPECT_EQ(written(), 0);
    EXPECT_FALSE(reader().state().playing);
    EXPECT_THAT(problem_of(reader().state()), HasSubstr("compressed (SPICE mode 3)"));
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_MODE, Wire().u32(0).u16(SPICE_AUDIO_DATA_MODE_RAW)));
    EXPECT_EQ(problem_of(reader().state()), "");
    ASSERT_TRUE(play());
    EXPECT_EQ(written(), 480);
}

TEST_F(PlaybackReaderTest, VolumeAndMuteHoldWheneverTheyCome) {
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_VOLUME, Wire().u8(2).u16(65535).u16(0)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{1, 0}));
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_MUTE, Wire().u8(1)));
    ASSERT_TRUE(start());
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_STOP));
    ASSERT_TRUE(start());
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{0, 0}));
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_MUTE, Wire().u8(0)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{1, 0}));
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_VOLUME, Wire().u8(1).u16(65535)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{1, 1}));
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_VOLUME, Wire().u8(8).fill(16, 0)));
    EXPECT_EQ(shared->guest.get(), (audio::StereoGain{0, 0}));
}

TEST_F(PlaybackReaderTest, AnswersPings) {
    ASSERT_TRUE(feed(SPICE_MSG_PING, Wire().u32(7).u64(99).fill(500, 0)));
    EXPECT_EQ(test::to_bytes(out.pending()),
              Wire().message(SPICE_MSGC_PONG, Wire().u32(7).u64(99)).get());
}

TEST_F(PlaybackReaderTest, AcknowledgesAsOftenAsTheServerWants) {
    ASSERT_TRUE(feed(SPICE_MSG_SET_ACK, Wire().u32(3).u32(2)));
    EXPECT_EQ(test::to_bytes(out.pending()),
              Wire().message(SPICE_MSGC_ACK_SYNC, Wire().u32(3)).get());
    out.consume(out.pending().size());
    ASSERT_TRUE(start());
    EXPECT_TRUE(out.empty());
    ASSERT_TRUE(play());
    EXPECT_EQ(test::to_bytes(out.pending()), Wire().message(SPICE_MSGC_ACK).get());
}

TEST_F(PlaybackReaderTest, CountsWhatTheLoopMustHear) {
    const unsigned before = reader().changes();
    reader().drained();
    ASSERT_TRUE(start());
    EXPECT_EQ(reader().changes(), before + 1);
    ASSERT_TRUE(play());
    EXPECT_EQ(reader().changes(), before + 1);
    ASSERT_TRUE(feed(SPICE_MSG_PLAYBACK_STOP));
    EXPECT_EQ(reader().changes(), before + 2);
}

TEST_F(PlaybackReaderTest, UnknownMessagesAreNoFault) {
    EXPECT_TRUE(feed(SPICE_MSG_PLAYBACK_LATENCY, Wire().u32(100)));
    EXPECT_TRUE(feed(180, Wire().fill(3, 0xff)));
    EXPECT_TRUE(feed(SPICE_MSG_NOTIFY, Wire().fill(24, 0)));
}

TEST_F(PlaybackReaderTest, ShortMessagesEndTheChannel) {
    const std::vector<std::pair<std::uint16_t, std::size_t>> shortest = {
        {SPICE_MSG_PLAYBACK_DATA, 4},   {SPICE_MSG_PLAYBACK_MODE, 6},
        {SPICE_MSG_PLAYBACK_START, 14}, {SPICE_MSG_PLAYBACK_VOLUME, 1},
        {SPICE_MSG_PLAYBACK_MUTE, 1},   {SPICE_MSG_PING, 12}};
    for (const auto& [type, size] : shortest) {
        const Bytes zeros(size, 0);
        for (std::size_t length = 0; length < size; ++length) {
            PlaybackReader fresh(out, *shared, settings);
            EXPECT_FALSE(fresh.feed(Wire().message(type, ByteSpan(zeros).first(length)), now))
                << type << ": " << length;
            EXPECT_EQ(fresh.error(), "a message that is too short");
        }
        PlaybackReader fresh(out, *shared, settings);
        EXPECT_TRUE(fresh.feed(Wire().message(type, zeros), now)) << type;
    }
}

TEST_F(PlaybackReaderTest, GarbageEndsTheChannel) {
    EXPECT_FALSE(reader().feed(Wire().u16(101).u32(0x7fffffff), now));
    EXPECT_EQ(reader().error(), "a message of more than 1 MiB");
}

} // namespace

} // namespace spicykvm::session
