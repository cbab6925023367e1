// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/record_sender.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;

constexpr audio::Frames kBlock = 250; // no divisor of the server's ring

class RecordSenderTest : public testing::Test {
  protected:
    struct Message {
        std::uint16_t type;
        test::Bytes body;
    };
    /// What the socket would take.
    std::vector<Message> take() {
        std::vector<Message> messages;
        ByteReader reader(out.pending());
        while (reader.remaining() > 0) {
            const std::uint16_t type = reader.u16();
            messages.push_back({type, test::to_bytes(reader.bytes(reader.u32()))});
        }
        EXPECT_TRUE(reader.ok());
        EXPECT_FALSE(out.overflowed());
        out.consume(out.pending().size());
        return messages;
    }
    static audio::Frames frames_of(const std::vector<Message>& messages) {
        audio::Frames sum = 0;
        for (const Message& message : messages) {
            if (message.type == SPICE_MSGC_RECORD_DATA) {
                EXPECT_LE(message.body.size(), 4 + 480 * 4U);
                sum += static_cast<audio::Frames>((message.body.size() - 4) / 4);
            }
        }
        return sum;
    }
    /// The device delivers; each frame is its own number.
    void record() {
        now += audio::duration_of(kBlock);
        std::array<audio::PackedFrame, kBlock> frames;
        for (auto& frame : frames) {
            frame = ++last;
        }
        shared->quantum = kBlock;
        shared->ring.write(frames);
        sender.pump(now);
    }
    /// Through the server's gate.
    void open() {
        sender.start();
        sender.pump(now);
        EXPECT_EQ(frames_of(take()), 4096);
        while (frames_of(take()) == 0) {
            record();
        }
    }

    TimePoint now{1h};
    audio::PackedFrame last = 0;
    std::unique_ptr<audio::RecordShared> shared = std::make_unique<audio::RecordShared>();
    spice::OutBuffer out{RecordSender::kQueue};
    RecordSender sender{*shared, out};
};

TEST_F(RecordSenderTest, SaysNothingUntilTheVmRecords) {
    record();
    EXPECT_TRUE(take().empty());
}

TEST_F(RecordSenderTest, IntroducesItselfThenOpensTheServersGate) {
    sender.start();
    sender.pump(now);
    const auto messages = take();
    ASSERT_GE(messages.size(), 3u);
    EXPECT_EQ(messages[0].type, SPICE_MSGC_RECORD_MODE);
    EXPECT_EQ(messages[0].body[4], SPICE_AUDIO_DATA_MODE_RAW);
    EXPECT_EQ(messages[1].type, SPICE_MSGC_RECORD_START_MARK);
    EXPECT_EQ(frames_of(messages), 4096);
    for (std::size_t i = 2; i < messages.size(); ++i) {
        EXPECT_EQ(messages[i].type, SPICE_MSGC_RECORD_DATA);
        for (std::size_t k = 4; k < messages[i].body.size(); ++k) {
            ASSERT_EQ(messages[i].body[k], 0);
        }
    }
}

TEST_F(RecordSenderTest, SendsWhatIsRecordedInOrder) {
    open();
    const audio::PackedFrame before = last;
    test::Bytes all;
    for (int i = 0; i < 20; ++i) {
        record();
        for (const Message& message : take()) {
            all.insert(all.end(), message.body.begin() + 4, message.body.end());
        }
    }
    ASSERT_EQ(all.size(), 20 * kBlock * 4U);
    ByteReader reader(all);
    for (audio::PackedFrame expected = before + 1; expected <= last; ++expected) {
        ASSERT_EQ(reader.u32(), expected);
    }
}

TEST_F(RecordSenderTest, NoMessageGoesOverTheEndOfTheServersRing) {
    sender.start();
    audio::Frames sent = 0;
    while (sent < 5 * 8192) {
        record();
        sender.pump(now);
        for (const Message& message : take()) {
            if (message.type != SPICE_MSGC_RECORD_DATA) {
                continue;
            }
            const auto frames = static_cast<audio::Frames>((message.body.size() - 4) / 4);
            ASSERT_GT(frames, 0);
            ASSERT_LE(sent % 8192 + frames, 8192) << "after " << sent;
            sent += frames;
        }
    }
}

TEST_F(RecordSenderTest, TurnsWithoutANewBlockSendNothing) {
    open();
    record();
    EXPECT_EQ(frames_of(take()), kBlock);
    now += 20ms;
    sender.pump(now);
    EXPECT_TRUE(take().empty());
}

TEST_F(RecordSenderTest, ABlockedSocketCostsSoundAndNoDelay) {
    open();
    record(); // stays in the buffer
    for (int i = 0; i < 56; ++i) {
        record(); // 300 ms
    }
    EXPECT_EQ(frames_of(take()), kBlock);
    record();
    const auto after = take();
    // The queue has run empty meanwhile: its reserve and the newest, and no more.
    EXPECT_LE(frames_of(after), kBlock + audio::RecordPacer::kReserve);
    EXPECT_GT(sender.dropped(), 50 * kBlock);
    ByteReader newest(ByteSpan(after.back().body).last(4));
    EXPECT_EQ(newest.u32(), last);
}

TEST_F(RecordSenderTest, NothingIsSentAfterStop) {
    open();
    sender.stop();
    record();
    EXPECT_TRUE(take().empty());
}

TEST_F(RecordSenderTest, ANewStartOpensTheGateAgain) {
    open();
    sender.stop();
    sender.start();
    sender.pump(now);
    const auto messages = take();
    EXPECT_EQ(messages.at(0).type, SPICE_MSGC_RECORD_MODE);
    EXPECT_EQ(frames_of(messages), 4096);
}

TEST_F(RecordSenderTest, TheLargestBlockFits) {
    sender.start();
    sender.pump(now);
    (void)take();
    now += 1s;
    std::vector<audio::PackedFrame> frames(8192, 1);
    shared->quantum = 8192;
    for (int i = 0; i < 4; ++i) {
        now += audio::duration_of(8192);
        shared->ring.write(frames);
        sender.pump(now);
        EXPECT_GT(frames_of(take()), 0);
    }
}

} // namespace

} // namespace spicykvm::session
