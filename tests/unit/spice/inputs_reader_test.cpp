// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/inputs_reader.h"
#include "support/guest_input_recorder.h"
#include "support/wire.h"

#include <gtest/gtest.h>
#include <spice/enums.h>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;
using core::LedState;
using test::Bytes;
using test::to_bytes;
using test::Wire;

class InputsReaderTest : public testing::Test {
  protected:
    bool feed(ByteSpan bytes, TimePoint now = TimePoint{} + 1h) {
        return reader_.feed(bytes, seen_, now);
    }

    OutBuffer out_{256};
    InputsReader reader_{out_};
    test::GuestInputRecorder seen_;
};

TEST_F(InputsReaderTest, EachMotionAckCountsFour) {
    EXPECT_TRUE(feed(Wire()
                         .message(SPICE_MSG_INPUTS_MOUSE_MOTION_ACK)
                         .message(SPICE_MSG_INPUTS_MOUSE_MOTION_ACK)));
    EXPECT_EQ(seen_.acked, 8u);
}

TEST_F(InputsReaderTest, InitAndModifiersAreLedReports) {
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_INPUTS_INIT, Wire().u16(2))));
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_INPUTS_KEY_MODIFIERS, Wire().u16(6))));
    EXPECT_EQ(seen_.leds, (std::vector<LedState>{{.num = true}, {.num = true, .caps = true}}));
}

TEST_F(InputsReaderTest, TheFalseReportAfterPauseIsNotShown) {
    const TimePoint pressed = TimePoint{} + 1h;
    reader_.led_filter().on_press(core::KeyCode{KEY_PAUSE}, pressed);
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_INPUTS_KEY_MODIFIERS, Wire().u16(1)), pressed + 2s));
    EXPECT_TRUE(seen_.leds.empty());
}

TEST_F(InputsReaderTest, PingsAreAnswered) {
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_PING, Wire().u32(1).u64(2))));
    EXPECT_EQ(to_bytes(out_.pending()),
              Wire().message(SPICE_MSGC_PONG, Wire().u32(1).u64(2)).get());
}

TEST_F(InputsReaderTest, UnknownMessagesAreSkipped) {
    EXPECT_TRUE(feed(Wire()
                         .message(SPICE_MSG_NOTIFY, Bytes(30))
                         .message(199, Bytes(70))
                         .message(0)
                         .message(SPICE_MSG_INPUTS_MOUSE_MOTION_ACK)));
    EXPECT_EQ(seen_.acked, 4u);
}

TEST_F(InputsReaderTest, TruncatedLedReportsBreakTheConnection) {
    EXPECT_FALSE(feed(Wire().message(SPICE_MSG_INPUTS_INIT, Bytes{1})));
    EXPECT_TRUE(seen_.leds.empty());
}

TEST_F(InputsReaderTest, MalformedCommonMessagesBreakTheConnection) {
    EXPECT_FALSE(feed(Wire().message(SPICE_MSG_PING, Bytes(11))));
}

TEST_F(InputsReaderTest, AnOversizedMessageBreaksTheConnection) {
    EXPECT_FALSE(feed(Wire().u16(1).u32(Framer::kMaxSize + 1)));
}

} // namespace
} // namespace spicykvm::spice
