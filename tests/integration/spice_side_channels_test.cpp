// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Channels that are linked for others: by whom, when, and what becomes of them.
#include "spice/side_channels.h"
#include "support/fake_spice_server.h"
#include "support/session_client.h"
#include "support/spice_server.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <spice/enums.h>
#include <sys/socket.h>

namespace spicykvm {
namespace {

using namespace std::chrono_literals;
using spice::ChannelType;
using test::Bytes;
using test::FakeChannel;
using test::FakeSpiceServer;
using test::SessionClient;
using testing::ElementsAre;

constexpr std::uint8_t kMain = SPICE_CHANNEL_MAIN;
constexpr std::uint8_t kInputs = SPICE_CHANNEL_INPUTS;
constexpr std::uint8_t kPlayback = SPICE_CHANNEL_PLAYBACK;
constexpr std::uint8_t kRecord = SPICE_CHANNEL_RECORD;
constexpr std::uint32_t kSession = 7;
constexpr std::uint8_t kGreeting = 42; ///< first byte on a linked side channel

class SideChannels : public testing::Test {
  protected:
    void TearDown() override {
        client_.reset();
        stops_ = true;
        EXPECT_EQ(server_.problems(), "");
    }

    /// Connects; `wanted` is linked ahead.
    void connect(std::vector<ChannelType> wanted) {
        auto settings = test::client_settings(server_.uri());
        settings.connect_timeout = timeout_;
        settings.password = [this] {
            ++passwords_;
            return Result<std::string>("secret");
        };
        client_.emplace(settings);
        client_->session().want_channels(std::move(wanted));
        ASSERT_TRUE(client_->connect());
    }
    Result<Fd> open(ChannelType type) {
        std::optional<Result<Fd>> answer;
        client_->session().open_channel(type, [&](Result<Fd> got) { answer = std::move(got); });
        EXPECT_TRUE(client_->run_until([&] { return answer.has_value(); }));
        return answer ? std::move(*answer) : fail(ErrorCode::Timeout, "no answer");
    }
    /// What the server linked first, or next.
    static int greeting_of(const Fd& socket) {
        std::uint8_t byte = 0;
        pollfd poll{socket.get(), POLLIN, 0};
        (void)::poll(&poll, 1, 10'000);
        return ::recv(socket.get(), &byte, 1, 0) == 1 ? byte : -1;
    }
    bool links(unsigned count) {
        return client_->run_until([&] { return links_ == count; });
    }

    Bytes list_{kInputs, kPlayback, kRecord};
    std::atomic<bool> announces_{false}; ///< main lists playback once more
    // What becomes of side channels.
    std::atomic<bool> refuses_{false};
    std::atomic<bool> holds_{false}; ///< never answered
    std::atomic<bool> ends_{false};  ///< right after they are linked
    std::atomic<bool> ended_{false};
    std::atomic<bool> stops_{false};
    Milliseconds timeout_{10'000};
    std::atomic<unsigned> links_{0}; ///< of side channels
    unsigned passwords_ = 0;
    FakeSpiceServer server_{[this](FakeChannel& channel, unsigned) { serve(channel); }};
    std::optional<SessionClient> client_;

  private:
    void serve(FakeChannel& channel) {
        const auto hello = channel.read_hello();
        if (hello.channel == kMain) {
            channel.send_reply();
            (void)channel.read_ticket();
            channel.send_verdict(SPICE_LINK_ERR_OK);
            channel.send_init(kSession);
            (void)channel.expect_message(SPICE_MSGC_MAIN_ATTACH_CHANNELS);
            channel.send_channels(list_);
            while (!announces_ && !stops_) {
                std::this_thread::yield();
            }
            if (announces_) {
                channel.send_channels({kPlayback});
            }
            channel.wait_for_end();
        } else {
            serve_other(channel, hello);
        }
    }
    void serve_other(FakeChannel& channel, const FakeChannel::Hello& hello) {
        const bool side = hello.channel != kInputs;
        if (hello.session != kSession) {
            throw std::runtime_error("another session");
        }
        if (side && holds_) {
            return channel.wait_for_end();
        }
        channel.send_reply();
        if (channel.read_ticket() != "secret") {
            throw std::runtime_error("wrong ticket");
        }
        channel.send_verdict(side && refuses_ ? SPICE_LINK_ERR_PERMISSION_DENIED
                                              : SPICE_LINK_ERR_OK);
        if (side && !refuses_) {
            channel.send(Bytes{static_cast<std::uint8_t>(kGreeting + links_++)});
        }
        if (side && ends_) {
            channel.hang_up();
            ended_ = true;
        } else {
            channel.wait_for_end();
        }
    }
};

TEST_F(SideChannels, AreLinkedAheadWhileTheTicketIsGood) {
    connect({ChannelType::Playback, ChannelType::Record});
    ASSERT_TRUE(links(2));
    EXPECT_EQ(passwords_, 3U);
    refuses_ = true; // the ticket has expired
    const auto playback = open(ChannelType::Playback);
    const auto record = open(ChannelType::Record);
    ASSERT_TRUE(playback) << playback.error().message;
    ASSERT_TRUE(record) << record.error().message;
    EXPECT_EQ(greeting_of(*playback) + greeting_of(*record), 2 * kGreeting + 1)
        << "nothing was read from them";
    const auto again = open(ChannelType::Playback);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::WrongPassword);
}

TEST_F(SideChannels, AreNewForEachOpen) {
    connect({});
    const auto first = open(ChannelType::Playback);
    ASSERT_TRUE(first);
    EXPECT_EQ(greeting_of(*first), kGreeting);
    const auto second = open(ChannelType::Playback);
    ASSERT_TRUE(second);
    EXPECT_EQ(greeting_of(*second), kGreeting + 1);
}

TEST_F(SideChannels, AreNotLinkedIfNobodyWantsThem) {
    connect({});
    client_->session().want_channels({ChannelType::Playback});
    ASSERT_TRUE(links(1));
    client_->session().want_channels({});
    const auto later = open(ChannelType::Playback);
    ASSERT_TRUE(later);
    EXPECT_EQ(greeting_of(*later), kGreeting + 1) << "the one from before is given up";
}

TEST_F(SideChannels, ThatTheServerEndedMeanwhileAreLinkedAnew) {
    ends_ = true;
    connect({ChannelType::Playback});
    ASSERT_TRUE(links(1));
    ends_ = false;
    ASSERT_TRUE(client_->run_until([&] { return ended_.load(); }));
    const auto record = open(ChannelType::Record); // the loop has come round
    ASSERT_TRUE(record);
    EXPECT_EQ(greeting_of(*record), kGreeting + 1);
    const auto playback = open(ChannelType::Playback);
    ASSERT_TRUE(playback);
    EXPECT_EQ(greeting_of(*playback), kGreeting + 2);
}

TEST_F(SideChannels, ThatTheVmDoesNotHaveAreNotFound) {
    list_ = {kInputs};
    connect({ChannelType::Playback});
    const auto none = open(ChannelType::Playback);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::NotFound);
    EXPECT_NE(none.error().message.find("playback channel of"), std::string::npos);
    EXPECT_EQ(links_, 0U);
}

TEST_F(SideChannels, ThatTheVmGetsLaterAreLinkedThen) {
    list_ = {kInputs};
    connect({ChannelType::Playback});
    const unsigned before = client_->changes;
    announces_ = true;
    ASSERT_TRUE(links(1));
    EXPECT_TRUE(client_->run_until([&] { return client_->changes > before; }));
    EXPECT_TRUE(open(ChannelType::Playback));
}

TEST_F(SideChannels, EndWithTheConnection) {
    connect({});
    holds_ = true;
    std::optional<Result<Fd>> answer;
    client_->session().open_channel(ChannelType::Playback,
                                    [&](Result<Fd> got) { answer = std::move(got); });
    EXPECT_FALSE(answer);
    client_->session().disconnect();
    ASSERT_TRUE(answer);
    ASSERT_FALSE(*answer);
    EXPECT_EQ(answer->error().code, ErrorCode::Disconnected);
    const auto none = open(ChannelType::Playback);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::NotFound);
}

TEST_F(SideChannels, ThatDoNotAnswerAreGivenUpInTime) {
    timeout_ = 300ms;
    connect({});
    holds_ = true;
    const auto none = open(ChannelType::Record);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::Timeout);
}

} // namespace
} // namespace spicykvm
