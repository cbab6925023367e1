// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the handshake makes of each answer is in link_test.cpp; here it is on a socket.
#include "spice/channel_opener.h"
#include "support/fake_spice_server.h"
#include "support/run_until.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <optional>
#include <spice/enums.h>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;
using test::FakeChannel;
using test::FakeSpiceServer;

class ChannelOpenerTest : public testing::Test {
  protected:
    void open(FakeSpiceServer::Script script, LinkGoal goal = LinkGoal::Full) {
        server_.emplace(std::move(script));
        target_.endpoint = *parse_endpoint(server_->uri());
        target_.address = server_->uri();
        opener_.emplace(loop_, target_, ChannelOpener::Request{.hello = {}, .goal = goal},
                        password_, [this](Result<ChannelOpener::Opened> opened) {
                            answer_.emplace(std::move(opened));
                            opener_.reset();
                        });
    }
    const Result<ChannelOpener::Opened>& answer() {
        EXPECT_TRUE(test::run_until(loop_, [&] { return answer_.has_value(); }));
        return *answer_;
    }

    EventLoop loop_;
    ConnectTarget target_;
    Password password_ = *Password::from("secret");
    std::optional<FakeSpiceServer> server_;
    std::optional<Result<ChannelOpener::Opened>> answer_;
    std::optional<ChannelOpener> opener_;
};

TEST_F(ChannelOpenerTest, GivesALinkedSocket) {
    open([](FakeChannel& channel, unsigned) {
        (void)channel.read_hello();
        channel.link();
        channel.wait_for_end();
    });
    ASSERT_TRUE(answer()) << answer().error().message;
    EXPECT_TRUE(answer()->socket.valid());
    EXPECT_NE(::fcntl(answer()->socket.get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_EQ(answer()->capabilities.common, 0x0bu);
    EXPECT_EQ(server_->problems(), "");
}

TEST_F(ChannelOpenerTest, LeavesWhatFollowsTheLinkInTheSocket) {
    open([](FakeChannel& channel, unsigned) {
        (void)channel.read_hello();
        channel.send_reply();
        (void)channel.read_ticket();
        channel.send(test::Wire().u32(0).text("more"));
        channel.wait_for_end();
    });
    ASSERT_TRUE(answer());
    std::array<char, 8> rest{};
    ASSERT_EQ(::recv(answer()->socket.get(), rest.data(), rest.size(), 0), 4);
    EXPECT_STREQ(rest.data(), "more");
}

TEST_F(ChannelOpenerTest, AProbeSendsNoPassword) {
    open(
        [](FakeChannel& channel, unsigned) {
            (void)channel.read_hello();
            channel.send_reply();
            (void)channel.read_ticket();
            throw std::runtime_error("a ticket came");
        },
        LinkGoal::Probe);
    ASSERT_TRUE(answer());
    answer_.reset();
    EXPECT_EQ(server_->problems(), "");
}

TEST_F(ChannelOpenerTest, WhatTheServerSaidBeforeItWentIsHeard) {
    open([](FakeChannel& channel, unsigned) {
        (void)channel.read_hello();
        channel.send_reply(SPICE_LINK_ERR_NEED_SECURED);
    });
    ASSERT_FALSE(answer());
    EXPECT_EQ(answer().error().code, ErrorCode::NotSupported);
}

TEST_F(ChannelOpenerTest, AnEndIsAnError) {
    open([](FakeChannel&, unsigned) {});
    ASSERT_FALSE(answer());
    EXPECT_EQ(answer().error().code, ErrorCode::Protocol);
}

TEST_F(ChannelOpenerTest, NobodyListeningIsAnError) {
    open([](FakeChannel&, unsigned) {});
    (void)answer();
    const std::string uri = server_->uri();
    server_.reset();
    answer_.reset();
    opener_.emplace(
        loop_, target_, ChannelOpener::Request{}, password_,
        [this](Result<ChannelOpener::Opened> opened) { answer_.emplace(std::move(opened)); });
    ASSERT_FALSE(answer());
    EXPECT_EQ(answer().error().code, ErrorCode::Unreachable);
}

TEST_F(ChannelOpenerTest, GivingUpNamesWhatWasWaitedFor) {
    open([](FakeChannel& channel, unsigned) { channel.wait_for_end(); });
    EXPECT_EQ(opener_->timed_out(7ms),
              (Error{ErrorCode::Timeout, "connect to " + target_.address + ": no answer in 7 ms"}));
    ASSERT_TRUE(test::run_until(loop_, [&] { return server_->connections() == 1; }));
    EXPECT_EQ(opener_->timed_out(7ms),
              (Error{ErrorCode::Timeout,
                     "link the main channel of " + target_.address + ": no answer in 7 ms"}));
}

TEST_F(ChannelOpenerTest, DroppedItHangsUp) {
    open([](FakeChannel& channel, unsigned) {
        (void)channel.read_hello();
        channel.wait_for_end();
        throw std::runtime_error("still there");
    });
    ASSERT_TRUE(test::run_until(loop_, [&] { return server_->connections() == 1; }));
    opener_.reset();
    EXPECT_EQ(server_->problems(), "");
    EXPECT_FALSE(answer_);
}

} // namespace
} // namespace spicykvm::spice
