// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/main_channel.h"
#include "support/run_until.h"
#include "support/socket_pair.h"

#include <gtest/gtest.h>
#include <optional>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::Wire;

class MainChannelTest : public testing::Test, public MainChannelObserver {
  protected:
    bool run_until(const std::function<bool()>& condition) {
        return test::run_until(loop_, condition);
    }
    bool ends() {
        return run_until([&] { return end_.has_value(); });
    }

    void on_init(const MainInit&) override { ++heard_; }
    void on_channels(const ChannelsList&) override { ++heard_; }
    void on_mouse_mode(const MouseMode&) override {
        ++heard_;
        if (closes_) {
            channel_.close();
        }
    }
    void on_name(const MainName&) override { ++heard_; }
    void on_uuid(const MainUuid&) override { ++heard_; }
    void on_remark(const std::string&) override {}
    void on_main_ended(const ConnectionEnd& end) override {
        EXPECT_FALSE(end_) << "at most once";
        end_ = end;
    }

    EventLoop loop_;
    test::SocketPair sockets_;
    bool closes_ = false;
    int heard_ = 0;
    std::optional<ConnectionEnd> end_;
    MainChannel channel_{loop_, std::move(sockets_.ours), "vm", *this};
};

TEST_F(MainChannelTest, SendsAtOnceWhatItIsAskedTo) {
    channel_.attach_channels();
    channel_.request_mouse_mode(1);
    EXPECT_EQ(sockets_.read_peer(), Wire()
                                        .message(SPICE_MSGC_MAIN_ATTACH_CHANNELS)
                                        .message(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST, Wire().u16(1))
                                        .get());
}

TEST_F(MainChannelTest, TellsAndAnswersWhatComes) {
    sockets_.write_peer(Wire()
                            .message(SPICE_MSG_MAIN_MOUSE_MODE, Wire().u16(3).u16(1))
                            .message(SPICE_MSG_PING, Wire().u32(1).u64(2)));
    EXPECT_TRUE(run_until([&] { return heard_ == 1; }));
    EXPECT_EQ(sockets_.read_peer(), Wire().message(SPICE_MSGC_PONG, Wire().u32(1).u64(2)).get());
}

TEST_F(MainChannelTest, AnEndOfTheStreamIsClosed) {
    sockets_.peer.reset();
    ASSERT_TRUE(ends());
    EXPECT_EQ(end_->kind, ConnectionEnd::Kind::Closed);
    EXPECT_EQ(end_->error, (Error{ErrorCode::Disconnected,
                                  "main channel of vm: the server closed the connection"}));
}

TEST_F(MainChannelTest, AResetIsClosedToo) {
    channel_.attach_channels();
    sockets_.peer.reset(); // with bytes unread
    ASSERT_TRUE(ends());
    EXPECT_EQ(end_->kind, ConnectionEnd::Kind::Closed);
    EXPECT_EQ(end_->error.code, ErrorCode::Disconnected);
}

TEST_F(MainChannelTest, SendingToNobodyIsClosedToo) {
    sockets_.peer.reset();
    channel_.attach_channels();
    ASSERT_TRUE(end_);
    EXPECT_EQ(end_->kind, ConnectionEnd::Kind::Closed);
}

TEST_F(MainChannelTest, BrokenProtocolIsBroken) {
    sockets_.write_peer(Wire().message(SPICE_MSG_MAIN_INIT, Bytes(3)));
    ASSERT_TRUE(ends());
    EXPECT_EQ(end_->kind, ConnectionEnd::Kind::Broken);
    EXPECT_EQ(end_->error, (Error{ErrorCode::Protocol, "main channel of vm: INIT is malformed"}));
    EXPECT_TRUE(sockets_.peer_at_end());
}

TEST_F(MainChannelTest, WhatDoesNotFitIntoTheSocketIsSentLater) {
    sockets_.shrink();
    for (int i = 0; i < 1000; ++i) {
        channel_.request_mouse_mode(1);
    }
    ASSERT_FALSE(end_);
    std::size_t arrived = 0;
    EXPECT_TRUE(run_until([&] {
        arrived += sockets_.read_peer().size();
        return arrived == 1000u * 8;
    }));
}

TEST_F(MainChannelTest, APeerThatTakesNothingIsGivenUp) {
    sockets_.shrink();
    for (int i = 0; i < 100'000 && !end_; ++i) {
        channel_.request_mouse_mode(1);
    }
    ASSERT_TRUE(end_);
    EXPECT_EQ(end_->kind, ConnectionEnd::Kind::Broken);
}

TEST_F(MainChannelTest, ClosedItIsSilent) {
    channel_.close();
    EXPECT_TRUE(sockets_.peer_at_end());
    channel_.attach_channels();
    EXPECT_FALSE(end_);
}

TEST_F(MainChannelTest, MayBeClosedFromItsObserver) {
    closes_ = true;
    sockets_.write_peer(Wire()
                            .message(SPICE_MSG_MAIN_MOUSE_MODE, Wire().u16(3).u16(2))
                            .message(SPICE_MSG_MAIN_INIT, Bytes(3)));
    EXPECT_TRUE(run_until([&] { return heard_ == 1; }));
    EXPECT_FALSE(end_);
}

} // namespace
} // namespace spicykvm::spice
