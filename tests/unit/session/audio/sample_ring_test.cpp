// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/sample_ring.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <gtest/gtest.h>
#include <thread>
#include <vector>

namespace spicykvm::audio {

namespace {

/// A frame that tells its position.
PackedFrame numbered(Frames position) {
    return static_cast<PackedFrame>(position * 2654435761U + 12345);
}

void write_numbered(SampleRing& ring, Frames count) {
    std::vector<PackedFrame> frames;
    for (Frames i = 0; i < count; ++i) {
        frames.push_back(numbered(ring.end() + i));
    }
    ring.write(frames);
}

TEST(SampleRing, PacksBothSigns) {
    for (const int left : {-32768, -1, 0, 1, 32767}) {
        for (const int right : {-32768, -2, 0, 5, 32767}) {
            const auto frame =
                pack(static_cast<std::int16_t>(left), static_cast<std::int16_t>(right));
            EXPECT_EQ(left_of(frame), left);
            EXPECT_EQ(right_of(frame), right);
        }
    }
}

TEST(SampleRing, GivesWhatIsThereAndSilenceElse) {
    SampleRing ring;
    for (int i = 0; i < 100; ++i) {
        write_numbered(ring, 481);
    }
    EXPECT_EQ(ring.end(), 48100);
    std::array<PackedFrame, 4> frames{};
    EXPECT_TRUE(ring.read(48098, frames));
    EXPECT_EQ(frames, (std::array<PackedFrame, 4>{numbered(48098), numbered(48099), 0, 0}));
    const Frames oldest = 48100 - SampleRing::kCapacity;
    EXPECT_TRUE(ring.read(oldest - 2, frames));
    EXPECT_EQ(frames, (std::array<PackedFrame, 4>{0, 0, numbered(oldest), numbered(oldest + 1)}));
    EXPECT_TRUE(ring.read(-100, frames));
    EXPECT_EQ(frames, (std::array<PackedFrame, 4>{}));
}

TEST(SampleRing, MoreThanFitsAndLongSilence) {
    SampleRing ring;
    write_numbered(ring, 2 * SampleRing::kCapacity + 5);
    std::array<PackedFrame, 1> frame{};
    EXPECT_TRUE(ring.read(SampleRing::kCapacity + 5, frame));
    EXPECT_EQ(frame[0], numbered(SampleRing::kCapacity + 5));
    ring.write_silence(Frames{1} << 40);
    EXPECT_TRUE(ring.read(ring.end() - 1, frame));
    EXPECT_EQ(frame[0], 0U);
    const Frames end = ring.end();
    ring.write_silence(-5);
    EXPECT_EQ(ring.end(), end);
}

/// The writer laps the reader again and again: what is read is right, or known to be wrong.
TEST(SampleRing, AReaderThatIsOvertakenKnowsIt) {
    SampleRing ring;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < 20'000; ++i) {
            write_numbered(ring, 97);
        }
        done = true;
    });
    std::array<PackedFrame, 256> frames{};
    while (!done) {
        const Frames end = ring.end();
        const Frames from = std::max<Frames>(0, end - SampleRing::kCapacity + 64);
        if (end < 512 || !ring.read(from, frames)) {
            continue;
        }
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (frames[i] != 0) { // 0: older than the ring when the reading began
                ASSERT_EQ(frames[i], numbered(from + static_cast<Frames>(i)));
            }
        }
    }
    writer.join();
}

} // namespace

} // namespace spicykvm::audio
