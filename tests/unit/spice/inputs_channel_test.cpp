// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/inputs_channel.h"
#include "support/guest_input_recorder.h"
#include "support/socket_pair.h"
#include "support/wire.h"

#include <gtest/gtest.h>
#include <spice/enums.h>

namespace spicykvm::spice {
namespace {

using core::Button;
using core::ButtonMask;
using core::KeyAction;
using Io = core::GuestInput::Io;
using test::Bytes;
using test::Wire;

constexpr core::KeyCode key(std::uint16_t code) {
    return core::KeyCode{code};
}

class InputsChannelTest : public testing::Test {
  protected:
    void type(std::uint16_t code) {
        channel_->key(key(code), KeyAction::Down);
        channel_->key(key(code), KeyAction::Up);
    }

    test::SocketPair sockets_;
    std::unique_ptr<InputsChannel> channel_ =
        std::make_unique<InputsChannel>(std::move(sockets_.ours));
    test::GuestInputRecorder seen_;
};

TEST_F(InputsChannelTest, NothingIsSentBeforeFlush) {
    type(KEY_A);
    EXPECT_TRUE(channel_->pending());
    EXPECT_TRUE(sockets_.read_peer().empty());
    EXPECT_EQ(channel_->flush(), Io::Ok);
    EXPECT_FALSE(channel_->pending());
    EXPECT_EQ(sockets_.read_peer(), Wire()
                                        .message(SPICE_MSGC_INPUTS_KEY_DOWN, Wire().u32(0x1e))
                                        .message(SPICE_MSGC_INPUTS_KEY_UP, Wire().u32(0x9e))
                                        .get());
}

TEST_F(InputsChannelTest, KeysMotionsAndButtonsKeepTheirOrder) {
    ButtonMask left;
    left.set(Button::Left, true);
    channel_->motion(1, -1, {});
    channel_->button(Button::Left, true, left);
    channel_->key(key(KEY_RIGHTCTRL), KeyAction::Down);
    channel_->key(key(KEY_RIGHTCTRL), KeyAction::Repeat);
    channel_->button(Button::Left, false, {});
    channel_->key(key(KEY_RIGHTCTRL), KeyAction::Up);
    EXPECT_EQ(channel_->flush(), Io::Ok);
    const Wire down = Wire().message(SPICE_MSGC_INPUTS_KEY_DOWN, Wire().u32(0x1de0));
    EXPECT_EQ(sockets_.read_peer(),
              Wire()
                  .message(SPICE_MSGC_INPUTS_MOUSE_MOTION, Wire().u32(1).u32(0xffffffff).u16(0))
                  .message(SPICE_MSGC_INPUTS_MOUSE_PRESS, Wire().u8(1).u16(1))
                  .bytes(down)
                  .bytes(down)
                  .message(SPICE_MSGC_INPUTS_MOUSE_RELEASE, Wire().u8(1).u16(0))
                  .message(SPICE_MSGC_INPUTS_KEY_UP, Wire().u32(0x9de0))
                  .get());
}

TEST_F(InputsChannelTest, KeysWithoutScancodeAreDropped) {
    type(KEY_MICMUTE);
    type(KEY_WWW);
    type(BTN_LEFT);
    type(0xffff);
    EXPECT_FALSE(channel_->pending());
}

TEST_F(InputsChannelTest, FlushWithNothingToSendIsFine) {
    EXPECT_EQ(channel_->flush(), Io::Ok);
}

TEST_F(InputsChannelTest, AFullSocketLeavesTheRestForLater) {
    sockets_.shrink();
    Bytes expected;
    Bytes arrived;
    Io io = Io::Ok;
    while (io == Io::Ok) {
        type(KEY_A);
        io = channel_->flush();
    }
    EXPECT_EQ(io, Io::Later);
    EXPECT_TRUE(channel_->pending());
    while (channel_->pending()) {
        const Bytes part = sockets_.read_peer();
        ASSERT_FALSE(part.empty());
        arrived.insert(arrived.end(), part.begin(), part.end());
        io = channel_->flush();
    }
    EXPECT_EQ(io, Io::Ok);
    const Bytes rest = sockets_.read_peer();
    arrived.insert(arrived.end(), rest.begin(), rest.end());
    const Wire one = Wire()
                         .message(SPICE_MSGC_INPUTS_KEY_DOWN, Wire().u32(0x1e))
                         .message(SPICE_MSGC_INPUTS_KEY_UP, Wire().u32(0x9e));
    while (expected.size() < arrived.size()) {
        expected.insert(expected.end(), one.get().begin(), one.get().end());
    }
    EXPECT_EQ(arrived, expected);
}

TEST_F(InputsChannelTest, AnOverflowingQueueIsLostAndSendsNoMore) {
    for (std::size_t i = 0; i <= InputsChannel::kQueue / 20; ++i) {
        type(KEY_A);
    }
    EXPECT_EQ(channel_->flush(), Io::Lost);
    EXPECT_EQ(channel_->flush(), Io::Lost);
    EXPECT_EQ(channel_->receive(seen_), Io::Lost);
    EXPECT_TRUE(sockets_.read_peer().empty());
}

TEST_F(InputsChannelTest, APeerThatClosedIsLostWithoutASignal) {
    sockets_.peer.reset();
    type(KEY_A);
    EXPECT_EQ(channel_->flush(), Io::Lost);
    EXPECT_EQ(channel_->receive(seen_), Io::Lost);
}

TEST_F(InputsChannelTest, TheEndOfTheStreamIsLost) {
    sockets_.peer.reset();
    EXPECT_EQ(channel_->receive(seen_), Io::Lost);
    EXPECT_EQ(channel_->flush(), Io::Lost);
}

TEST_F(InputsChannelTest, ReceivingWithoutDataIsFine) {
    EXPECT_EQ(channel_->receive(seen_), Io::Ok);
}

TEST_F(InputsChannelTest, AcksAndLedsReachTheObserver) {
    sockets_.write_peer(Wire()
                            .message(SPICE_MSG_INPUTS_INIT, Wire().u16(4))
                            .message(SPICE_MSG_INPUTS_MOUSE_MOTION_ACK));
    EXPECT_EQ(channel_->receive(seen_), Io::Ok);
    EXPECT_EQ(seen_.acked, 4u);
    EXPECT_EQ(seen_.leds, (std::vector<core::LedState>{{.caps = true}}));
}

TEST_F(InputsChannelTest, APingIsAnsweredAtOnce) {
    sockets_.write_peer(Wire().message(SPICE_MSG_PING, Wire().u32(5).u64(6)));
    EXPECT_EQ(channel_->receive(seen_), Io::Ok);
    EXPECT_EQ(sockets_.read_peer(), Wire().message(SPICE_MSGC_PONG, Wire().u32(5).u64(6)).get());
}

TEST_F(InputsChannelTest, ABrokenMessageIsLost) {
    sockets_.write_peer(Wire().u16(1).u32(0xffffffff));
    EXPECT_EQ(channel_->receive(seen_), Io::Lost);
}

TEST_F(InputsChannelTest, TheScrollLedStaysAsItIsAfterPause) {
    type(KEY_PAUSE);
    sockets_.write_peer(Wire().message(SPICE_MSG_INPUTS_KEY_MODIFIERS, Wire().u16(1)));
    EXPECT_EQ(channel_->receive(seen_), Io::Ok);
    EXPECT_TRUE(seen_.leds.empty());
}

TEST_F(InputsChannelTest, EndsTheStreamInOrderThoughAcksAreUnread) {
    type(KEY_A);
    sockets_.write_peer(Wire().message(SPICE_MSG_INPUTS_MOUSE_MOTION_ACK));
    EXPECT_EQ(channel_->flush(), Io::Ok);
    channel_.reset();
    EXPECT_EQ(sockets_.read_peer().size(), 20u);
    EXPECT_TRUE(sockets_.peer_at_end());
}

} // namespace
} // namespace spicykvm::spice
