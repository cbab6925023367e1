// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/record_pacer.h"

#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

using namespace std::chrono_literals;

class RecordPacerTest : public testing::Test {
  protected:
    /// All chunks there are now; recorded ones are counted.
    Frames drain() {
        Frames sum = 0;
        for (auto chunk = next(); chunk.frames > 0; chunk = next()) {
            EXPECT_LE(chunk.frames, kPacketFrames);
            sum += chunk.frames;
            silent += chunk.silent ? chunk.frames : 0;
        }
        return sum;
    }
    RecordPacer::Chunk next() { return pacer.next(now, recorded, 256); }
    Frames block() {
        elapsed += 256; // a third of a nanosecond must not be lost with each block
        now = begin + pause + duration_of(elapsed);
        recorded += 256;
        return drain();
    }
    const TimePoint begin{std::chrono::hours(1)};
    TimePoint now = begin;
    Nanoseconds pause{};
    Frames elapsed = 0;
    Frames recorded = 0;
    Frames silent = 0;
    RecordPacer pacer{10ms};
};

TEST_F(RecordPacerTest, SendsNothingUnlessStarted) {
    EXPECT_EQ(block(), 0);
    pacer.start();
    EXPECT_EQ(drain(), RecordPacer::kGate);
    pacer.stop();
    EXPECT_EQ(block(), 0);
}

TEST_F(RecordPacerTest, OpensTheGateThenWaitsThenIsLive) {
    pacer.start();
    EXPECT_EQ(drain(), 4096);
    EXPECT_EQ(silent, 4096);
    Frames waited = 0;
    Frames sent = 0;
    while (sent == 0) {
        sent = block();
        waited += 256;
    }
    EXPECT_NEAR(static_cast<double>(waited), 4096 - 480 - 256 - 144, 256);
    for (int i = 0; i < 1000; ++i) {
        EXPECT_EQ(block(), 256);
        EXPECT_NEAR(pacer.level(now), 256 + 144, 257);
    }
    EXPECT_EQ(silent, 4096);
    EXPECT_EQ(pacer.dropped(), 0);
}

TEST_F(RecordPacerTest, AStallIsDroppedFromItsOldEnd) {
    pacer.start();
    drain();
    for (int i = 0; i < 100; ++i) {
        block();
    }
    now += 300ms;
    pause += 300ms;
    recorded += 300 * 48;
    const Frames sent = drain();
    EXPECT_EQ(sent, 256 + 144) << "to fill an empty queue again";
    EXPECT_EQ(pacer.dropped(), 300 * 48 - 400);
    EXPECT_EQ(block(), 256);
}

TEST_F(RecordPacerTest, AfterAPauseTheReserveComesFirst) {
    pacer.start();
    drain();
    for (int i = 0; i < 100; ++i) {
        block();
    }
    pause += 1s;
    silent = 0;
    EXPECT_EQ(block(), 256 + 144);
    EXPECT_EQ(silent, 144);
}

TEST_F(RecordPacerTest, OpensAgainWhenTheServersCounterWraps) {
    pacer.start();
    drain();
    for (int i = 0; i < 100; ++i) {
        block();
    }
    silent = 0;
    const std::int64_t blocks = RecordPacer::kWrap / 256 + 100;
    for (std::int64_t i = 0; i < blocks && silent == 0; ++i) {
        block();
    }
    EXPECT_EQ(silent, 4096);
    EXPECT_EQ(pacer.dropped(), 0);
}

} // namespace

} // namespace spicykvm::audio
