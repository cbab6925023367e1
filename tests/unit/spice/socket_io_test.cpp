// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/socket_io.h"
#include "support/socket_pair.h"

#include <array>
#include <cerrno>
#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;

class SocketIoTest : public testing::Test {
  protected:
    test::SocketPair sockets_;
    OutBuffer out_{1 << 20};
    std::array<std::uint8_t, 16> buffer_{};
};

TEST_F(SocketIoTest, NothingToSendIsDone) {
    EXPECT_EQ(send_pending(sockets_.ours.get(), out_).state, IoState::Done);
}

TEST_F(SocketIoTest, WhatIsSentArrives) {
    out_.append(Bytes{1, 2, 3});
    EXPECT_EQ(send_pending(sockets_.ours.get(), out_).state, IoState::Done);
    EXPECT_TRUE(out_.empty());
    EXPECT_EQ(sockets_.read_peer(), (Bytes{1, 2, 3}));
}

TEST_F(SocketIoTest, AFullSocketBlocksAndKeepsTheRest) {
    out_.append(Bytes(1 << 20, 7));
    EXPECT_EQ(send_pending(sockets_.ours.get(), out_).state, IoState::Blocked);
    const std::size_t left = out_.pending().size();
    EXPECT_GT(left, 0u);
    EXPECT_EQ(send_pending(sockets_.ours.get(), out_).state, IoState::Blocked);
    EXPECT_EQ(sockets_.read_peer().size(), (1u << 20) - left);
}

TEST_F(SocketIoTest, SendingToNobodyFailsWithoutASignal) {
    sockets_.peer.reset();
    out_.append(Bytes{1});
    const IoResult result = send_pending(sockets_.ours.get(), out_);
    EXPECT_EQ(result.state, IoState::Failed);
    EXPECT_EQ(result.error_number, EPIPE);
}

TEST_F(SocketIoTest, ReceivingGivesWhatIsThere) {
    EXPECT_EQ(receive_some(sockets_.ours.get(), buffer_).result.state, IoState::Blocked);
    sockets_.write_peer(Bytes(20, 5));
    const Received first = receive_some(sockets_.ours.get(), buffer_);
    EXPECT_EQ(first.result.state, IoState::Done);
    EXPECT_EQ(to_bytes(first.bytes), Bytes(16, 5));
    EXPECT_EQ(receive_some(sockets_.ours.get(), buffer_).bytes.size(), 4u);
}

TEST_F(SocketIoTest, TheEndOfTheStreamIsClosed) {
    sockets_.peer.reset();
    const Received received = receive_some(sockets_.ours.get(), buffer_);
    EXPECT_EQ(received.result.state, IoState::Closed);
    EXPECT_TRUE(received.bytes.empty());
}

TEST_F(SocketIoTest, AResetIsAFailure) {
    out_.append(Bytes{1});
    (void)send_pending(sockets_.ours.get(), out_);
    sockets_.peer.reset(); // with a byte unread
    const Received received = receive_some(sockets_.ours.get(), buffer_);
    EXPECT_EQ(received.result.state, IoState::Failed);
    EXPECT_EQ(received.result.error_number, ECONNRESET);
}

} // namespace
} // namespace spicykvm::spice
