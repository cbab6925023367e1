// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The session against servers that do what a real one does rarely, or never should.
#include "support/fake_spice_server.h"
#include "support/session_client.h"

#include <gtest/gtest.h>
#include <spice/enums.h>

namespace spicykvm {
namespace {

using namespace std::chrono_literals;
using core::ConnectionState;
using test::Bytes;
using test::FakeChannel;
using test::FakeSpiceServer;
using test::SessionClient;
using test::Wire;

constexpr std::uint8_t kMain = SPICE_CHANNEL_MAIN;
constexpr std::uint8_t kInputs = SPICE_CHANNEL_INPUTS;
constexpr std::uint8_t kPlayback = SPICE_CHANNEL_PLAYBACK;
constexpr std::uint32_t kSession = 7;

using Step = std::function<void(FakeChannel&)>;

/// A whole server, with one step replaced or added.
struct Play {
    Step reply = [](FakeChannel& channel) { channel.link(); };        ///< on main
    Step reply_inputs = [](FakeChannel& channel) { channel.link(); }; ///< on inputs
    Step init = [](FakeChannel& channel) { channel.send_init(kSession); };
    Step list = [](FakeChannel& channel) { channel.send_channels({kInputs}); };
    Step main = [](FakeChannel&) {};   ///< after the list
    Step inputs = [](FakeChannel&) {}; ///< after its link
    bool dribbles = false;

    void operator()(FakeChannel& channel, unsigned) const {
        if (dribbles) {
            channel.dribble();
        }
        if (const auto hello = channel.read_hello(); hello.channel == kMain) {
            play_main(channel);
        } else {
            reply_inputs(channel);
            inputs(channel);
        }
        channel.wait_for_end();
    }
    void play_main(FakeChannel& channel) const {
        reply(channel);
        init(channel);
        (void)channel.expect_message(SPICE_MSGC_MAIN_ATTACH_CHANNELS);
        list(channel);
        main(channel);
    }
};

/// A step that just hangs up.
void hang_up(FakeChannel&) {
    throw std::runtime_error("hung up on purpose");
}

class SpiceFakeServer : public testing::Test {
  protected:
    void start(FakeSpiceServer::Script script) {
        server_.emplace(std::move(script));
        auto settings = test::client_settings(server_->uri(), "secret");
        settings.connect_timeout = timeout_;
        settings.keep_connected = keep_;
        settings.retry_min = settings.retry_max = retry_;
        settings.vm_name = vm_name_;
        client_.emplace(settings);
    }
    void expect_connects(FakeSpiceServer::Script script) {
        start(std::move(script));
        EXPECT_TRUE(client_->connect());
        for (const Error& error : client_->failures) {
            ADD_FAILURE() << error.message;
        }
    }
    void expect_fails(ErrorCode code, const std::string& text, FakeSpiceServer::Script script) {
        start(std::move(script));
        EXPECT_FALSE(client_->connect());
        ASSERT_EQ(client_->failures.size(), 1u);
        EXPECT_EQ(client_->failures[0].code, code) << client_->failures[0].message;
        EXPECT_NE(client_->failures[0].message.find(text), std::string::npos)
            << client_->failures[0].message;
        EXPECT_NE(client_->failures[0].message.find(server_->uri()), std::string::npos)
            << "the server is named";
        EXPECT_EQ(client_->failures[0].message.find('\n'), std::string::npos);
        EXPECT_EQ(client_->inputs, 0u);
    }
    /// The step of a script ran to its end.
    bool played() {
        return client_->run_until([this] { return played_.load(); });
    }
    void expect_no_problems() { EXPECT_EQ(server_->problems(), ""); }

    Milliseconds timeout_{5000};
    bool keep_ = false;
    Milliseconds retry_{10};
    std::string vm_name_;
    std::atomic<bool> played_{false};
    std::optional<FakeSpiceServer> server_;
    std::optional<SessionClient> client_;
};

TEST_F(SpiceFakeServer, APlainOneIsConnectedTo) {
    expect_connects(Play{});
    expect_no_problems();
}

TEST_F(SpiceFakeServer, OneThatSendsByteByByteIsConnectedTo) {
    Play play;
    play.dribbles = true;
    expect_connects(play);
    expect_no_problems();
}

TEST_F(SpiceFakeServer, GetsThePasswordOnEachChannelAndTheSessionOnAllButMain) {
    std::atomic<unsigned> right{0};
    expect_connects([&](FakeChannel& channel, unsigned number) {
        const auto hello = channel.read_hello();
        channel.send_reply();
        right += channel.read_ticket() == "secret" ? 1 : 0;
        right += hello.session == (number == 0 ? 0 : kSession) ? 1 : 0;
        right += hello.channel == (number == 0 ? kMain : kInputs) ? 1 : 0;
        right += hello.channel_capabilities == (number == 0 ? 2 : 0) ? 1 : 0;
        channel.send_verdict(0);
        if (number == 0) {
            channel.send_init(kSession);
            (void)channel.expect_message(SPICE_MSGC_MAIN_ATTACH_CHANNELS);
            channel.send_channels({kInputs});
        }
        channel.wait_for_end();
    });
    EXPECT_EQ(right, 8u);
    expect_no_problems();
}

TEST_F(SpiceFakeServer, WhatComesTogetherWithTheLinkIsNotLost) {
    Play play;
    play.inputs = [](FakeChannel& channel) {
        channel.send(Wire().message(SPICE_MSG_INPUTS_INIT, Wire().u16(2)));
    };
    play.reply_inputs = [](FakeChannel& channel) {
        channel.send_reply();
        (void)channel.read_ticket();
        channel.send(Wire().u32(0).message(SPICE_MSG_INPUTS_INIT, Wire().u16(4)));
    };
    expect_connects(play);
    EXPECT_TRUE(client_->run_until([&] { return client_->from_guest().leds.size() == 2; }));
    expect_no_problems();
}

TEST_F(SpiceFakeServer, AnotherServiceIsSaidSo) {
    expect_fails(ErrorCode::Protocol, "the answer is not SPICE",
                 [](FakeChannel& channel, unsigned) {
                     channel.send(Wire().text("RFB 003.008\n"));
                     channel.wait_for_end();
                 });
}

TEST_F(SpiceFakeServer, OneThatHangsUpAtOnceIsNone) {
    expect_fails(ErrorCode::Protocol, "the peer hung up on SPICE", [](FakeChannel&, unsigned) {});
}

TEST_F(SpiceFakeServer, OneThatHangsUpAfterTheHelloIsNone) {
    Play play;
    play.reply = hang_up;
    expect_fails(ErrorCode::Protocol, "the peer hung up on SPICE", play);
}

TEST_F(SpiceFakeServer, AMissingChannelIsSaidSo) {
    Play play;
    play.reply_inputs = hang_up;
    expect_fails(ErrorCode::NotFound, "link the inputs channel of ", play);
    EXPECT_TRUE(client_->failures[0].message.ends_with("the VM has no such channel"));
}

TEST_F(SpiceFakeServer, AVmWithoutInputsIsSaidSo) {
    Play play;
    play.list = [](FakeChannel& channel) { channel.send_channels({kPlayback}); };
    expect_fails(ErrorCode::NotFound, "the VM has no inputs channel", play);
}

TEST_F(SpiceFakeServer, OneThatWantsTlsIsSaidSo) {
    Play play;
    play.reply = [](FakeChannel& channel) { channel.send_reply(SPICE_LINK_ERR_NEED_SECURED); };
    expect_fails(ErrorCode::NotSupported, "the server wants TLS", play);
}

TEST_F(SpiceFakeServer, OneThatWantsSaslIsSaidSo) {
    Play play;
    play.reply = [](FakeChannel& channel) { channel.send_reply(SPICE_LINK_ERR_INVALID_DATA); };
    expect_fails(ErrorCode::NotSupported, "SASL", play);
}

TEST_F(SpiceFakeServer, OneWithoutMiniHeadersIsTooOld) {
    Play play;
    play.reply = [](FakeChannel& channel) { channel.send_reply(0, 0x03); };
    expect_fails(ErrorCode::NotSupported, "too old", play);
}

TEST_F(SpiceFakeServer, OneThatRefusesThePasswordIsSaidSo) {
    Play play;
    play.reply = [](FakeChannel& channel) {
        channel.send_reply();
        (void)channel.read_ticket();
        channel.send_verdict(SPICE_LINK_ERR_PERMISSION_DENIED);
    };
    expect_fails(ErrorCode::WrongPassword, "the server refused the password", play);
}

TEST_F(SpiceFakeServer, APasswordThatExpiresBetweenTheLinksIsSaidSo) {
    Play play;
    play.reply_inputs = [](FakeChannel& channel) {
        channel.send_reply();
        (void)channel.read_ticket();
        channel.send_verdict(SPICE_LINK_ERR_PERMISSION_DENIED);
    };
    expect_fails(ErrorCode::WrongPassword, "link the inputs channel of ", play);
}

TEST_F(SpiceFakeServer, OneThatForgetsTheSessionIsSaidSo) {
    Play play;
    play.reply_inputs = [](FakeChannel& channel) {
        channel.send_reply();
        (void)channel.read_ticket();
        channel.send_verdict(SPICE_LINK_ERR_BAD_CONNECTION_ID);
    };
    expect_fails(ErrorCode::Disconnected, "no longer knows the session", play);
}

TEST_F(SpiceFakeServer, OneThatHangsUpOnThePasswordIsSaidSo) {
    Play play;
    play.reply = [](FakeChannel& channel) {
        channel.send_reply();
        (void)channel.read_ticket();
        hang_up(channel);
    };
    expect_fails(ErrorCode::Disconnected, "hung up on the password", play);
}

TEST_F(SpiceFakeServer, OneThatNeverAnswersTheHelloIsTimedOut) {
    timeout_ = 500ms;
    expect_fails(ErrorCode::Timeout, "no answer in 500 ms",
                 [](FakeChannel& channel, unsigned) { channel.wait_for_end(); });
}

TEST_F(SpiceFakeServer, OneThatNeverIntroducesItselfIsTimedOut) {
    timeout_ = 1500ms;
    Play play;
    play.init = [](FakeChannel& channel) { channel.wait_for_end(); };
    expect_fails(ErrorCode::Timeout, "did not introduce itself", play);
}

TEST_F(SpiceFakeServer, OneThatNeverListsItsChannelsIsTimedOut) {
    timeout_ = 1500ms;
    Play play;
    play.list = [](FakeChannel&) {};
    expect_fails(ErrorCode::Timeout, "did not introduce itself", play);
}

TEST_F(SpiceFakeServer, OneThatGivesNoSessionIsRefused) {
    Play play;
    play.init = [](FakeChannel& channel) { channel.send_init(0); };
    expect_fails(ErrorCode::Protocol, "gives no session", play);
}

TEST_F(SpiceFakeServer, MalformedIntroductionsAreRefused) {
    const std::pair<std::uint16_t, Bytes> cases[] = {
        {SPICE_MSG_MAIN_INIT, Bytes(31)},
        {SPICE_MSG_MAIN_UUID, Bytes(15)},
        {SPICE_MSG_MAIN_NAME, Wire().u32(5).text("win").get()},
        {SPICE_MSG_MAIN_CHANNELS_LIST, Wire().u32(2).u8(3).u8(0).u8(5).get()},
        {SPICE_MSG_MAIN_MOUSE_MODE, Bytes(3)},
        {SPICE_MSG_PING, Bytes(11)}};
    for (const auto& [type, body] : cases) {
        Play play;
        play.init = [type = type, body = body](FakeChannel& channel) {
            channel.send_message(type, body);
        };
        expect_fails(ErrorCode::Protocol, "malformed", play);
    }
}

TEST_F(SpiceFakeServer, AMessageThatIsTooLargeIsRefused) {
    Play play;
    play.init = [](FakeChannel& channel) {
        channel.send(Wire().u16(SPICE_MSG_MAIN_INIT).u32(spice::Framer::kMaxSize + 1));
    };
    expect_fails(ErrorCode::Protocol, "too large", play);
}

TEST_F(SpiceFakeServer, TheNameIsComparedAsItIsAndShownAsItMayBe) {
    vm_name_ = "win\x1b[2J";
    Play play;
    play.list = [](FakeChannel& channel) {
        channel.send_message(SPICE_MSG_MAIN_NAME,
                             Wire().u32(8).text(std::string_view("win\x1b[2J\0", 8)));
        channel.send_channels({kInputs});
    };
    expect_connects(play);
    EXPECT_EQ(client_->session().identity().name, "win?[2J");
}

TEST_F(SpiceFakeServer, ServerMouseModeIsAskedForAndWaitedFor) {
    Play play;
    play.init = [](FakeChannel& channel) {
        channel.send_init(kSession, SPICE_MOUSE_MODE_CLIENT);
        if (channel.expect_message(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST) !=
            Wire().u16(SPICE_MOUSE_MODE_SERVER).get()) {
            throw std::runtime_error("not the server mode");
        }
    };
    play.inputs = [&](FakeChannel&) { played_ = true; };
    play.main = [&](FakeChannel& channel) {
        while (!played_) {
            std::this_thread::yield();
        }
        channel.send_message(SPICE_MSG_MAIN_MOUSE_MODE, Wire().u16(3).u16(1));
    };
    expect_connects(play);
    expect_no_problems();
}

TEST_F(SpiceFakeServer, ClientMouseModeThatStaysIsTimedOut) {
    timeout_ = 1500ms;
    Play play;
    play.init = [](FakeChannel& channel) {
        channel.send_init(kSession, SPICE_MOUSE_MODE_CLIENT);
        (void)channel.expect_message(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST);
    };
    expect_fails(ErrorCode::Timeout, "no server mouse mode in 1500 ms", play);
}

TEST_F(SpiceFakeServer, ServerMouseModeIsAskedForAgainWheneverItFlips) {
    Play play;
    play.main = [&](FakeChannel& channel) {
        for (int flip = 0; flip < 3; ++flip) {
            channel.send_message(SPICE_MSG_MAIN_MOUSE_MODE, Wire().u16(3).u16(2));
            (void)channel.expect_message(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST);
            channel.send_message(SPICE_MSG_MAIN_MOUSE_MODE, Wire().u16(3).u16(1));
        }
        played_ = true;
    };
    expect_connects(play);
    EXPECT_TRUE(played());
    EXPECT_EQ(client_->session().state(), ConnectionState::Connected);
    expect_no_problems();
}

TEST_F(SpiceFakeServer, TheBandwidthPingIsAnswered) {
    Play play;
    play.main = [&](FakeChannel& channel) {
        channel.send_message(SPICE_MSG_PING, Wire().u32(1).u64(11));
        channel.send_message(SPICE_MSG_PING, Wire().u32(2).u64(22).fill(256'000, 0xaa));
        for (const auto& pong : {Wire().u32(1).u64(11), Wire().u32(2).u64(22)}) {
            if (channel.expect_message(SPICE_MSGC_PONG) != pong.get()) {
                throw std::runtime_error("another pong");
            }
        }
        played_ = true;
    };
    expect_connects(play);
    EXPECT_TRUE(played());
    expect_no_problems();
}

TEST_F(SpiceFakeServer, AcksComeAsTheWindowSays) {
    Play play;
    play.main = [&](FakeChannel& channel) {
        channel.send_message(SPICE_MSG_SET_ACK, Wire().u32(9).u32(2));
        (void)channel.expect_message(SPICE_MSGC_ACK_SYNC);
        for (int i = 0; i < 4; ++i) {
            channel.send_message(SPICE_MSG_MAIN_MULTI_MEDIA_TIME, Wire().u32(1));
        }
        (void)channel.expect_message(SPICE_MSGC_ACK);
        (void)channel.expect_message(SPICE_MSGC_ACK);
        played_ = true;
    };
    expect_connects(play);
    EXPECT_TRUE(played());
    expect_no_problems();
}

TEST_F(SpiceFakeServer, MigrationIsDeclinedAndNotFollowed) {
    Play play;
    play.main = [&](FakeChannel& channel) {
        const Wire elsewhere =
            Wire().u16(5900).u16(0).u32(10).u32(20).u32(0).u32(0).text("evil.host\0");
        channel.send_message(SPICE_MSG_MAIN_MIGRATE_BEGIN, elsewhere);
        (void)channel.expect_message(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
        channel.send_message(SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS, elsewhere);
        (void)channel.expect_message(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
        channel.send_message(SPICE_MSG_MAIN_MIGRATE_CANCEL);
        channel.send_message(SPICE_MSG_MAIN_MIGRATE_END);
        channel.send_message(SPICE_MSG_MIGRATE, Wire().u32(SPICE_MIGRATE_NEED_FLUSH));
        (void)channel.expect_message(SPICE_MSGC_MIGRATE_FLUSH_MARK);
        channel.send_message(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, elsewhere);
        channel.send_message(SPICE_MSG_PING, Wire().u32(1).u64(1));
        (void)channel.expect_message(SPICE_MSGC_PONG);
        played_ = true;
    };
    expect_connects(play);
    EXPECT_TRUE(played());
    EXPECT_EQ(client_->session().state(), ConnectionState::Connected);
    EXPECT_EQ(server_->connections(), 2u);
    expect_no_problems();
}

TEST_F(SpiceFakeServer, ALaterListAddsToTheFirst) {
    Play play;
    play.main = [](FakeChannel& channel) {
        channel.send_channels({kPlayback});
        channel.send_channels({kPlayback});
    };
    expect_connects(play);
    EXPECT_TRUE(client_->run_until([&] {
        return client_->session().connection()->has_channel(spice::ChannelType::Playback);
    }));
    EXPECT_TRUE(client_->session().connection()->has_channel(spice::ChannelType::Inputs));
    EXPECT_EQ(client_->session().state(), ConnectionState::Connected);
    expect_no_problems();
}

TEST_F(SpiceFakeServer, MessagesNobodyKnowsAreSkipped) {
    Play play;
    play.init = [](FakeChannel& channel) {
        channel.send_message(150, Bytes(100));
        channel.send_message(SPICE_MSG_NOTIFY,
                             Wire().u64(1).u32(2).u32(2).u32(1).u32(99).text("x"));
        channel.send_message(SPICE_MSG_MAIN_AGENT_CONNECTED);
        channel.send_message(SPICE_MSG_MAIN_AGENT_DATA, Bytes(2048));
        channel.send_init(kSession);
        channel.send_init(kSession + 1);
    };
    expect_connects(play);
    EXPECT_EQ(client_->session().connection()->session(), kSession);
}

TEST_F(SpiceFakeServer, OneThatAsksButTakesNoAnswerIsGivenUp) {
    Play play;
    play.main = [&](FakeChannel& channel) {
        while (!played_) {
            std::this_thread::yield();
        }
        const Wire ping = Wire().message(SPICE_MSG_PING, Wire().u32(1).u64(1));
        for (;;) {
            channel.send(ping);
        }
    };
    expect_connects(play);
    played_ = true;
    ASSERT_TRUE(client_->run_until([&] { return !client_->losses.empty(); }));
    EXPECT_EQ(client_->losses[0].code, ErrorCode::Protocol);
    EXPECT_NE(client_->losses[0].message.find("takes no answer"), std::string::npos);
}

TEST_F(SpiceFakeServer, AnEndOfMainEndsTheConnection) {
    Play play;
    play.inputs = [&](FakeChannel&) { played_ = true; };
    play.main = [&](FakeChannel& channel) {
        while (!played_) {
            std::this_thread::yield();
        }
        hang_up(channel);
    };
    start(play);
    client_->session().connect();
    EXPECT_TRUE(
        client_->run_until([&] { return client_->losses.size() + client_->failures.size() == 1; }));
}

TEST_F(SpiceFakeServer, OneThatDropsEveryConnectionIsNotHammered) {
    keep_ = true;
    retry_ = 60s;
    Play play;
    play.inputs = hang_up;
    start(play);
    client_->session().connect();
    // The first loss may be the network's, so the second connection comes at once; no third does.
    ASSERT_TRUE(client_->run_until([&] { return client_->losses.size() == 2; }));
    EXPECT_FALSE(client_->run_until([&] { return server_->connections() > 4; }, 300ms));
    EXPECT_EQ(client_->session().state(), ConnectionState::Waiting);
}

TEST_F(SpiceFakeServer, OneThatBreaksTheProtocolIsNotHammered) {
    keep_ = true;
    retry_ = 60s;
    Play play;
    play.main = [&](FakeChannel& channel) {
        while (!played_) {
            std::this_thread::yield();
        }
        channel.send(Wire().u16(SPICE_MSG_PING).u32(0xffffffff));
    };
    expect_connects(play);
    played_ = true;
    ASSERT_TRUE(client_->run_until([&] { return !client_->losses.empty(); }));
    EXPECT_EQ(client_->losses[0].code, ErrorCode::Protocol);
    EXPECT_FALSE(client_->run_until([&] { return server_->connections() > 2; }, 50ms));
    EXPECT_EQ(client_->session().state(), ConnectionState::Waiting);
}

TEST_F(SpiceFakeServer, OneThatAnswersNoMoreAfterItsEndWasSwitchedOff) {
    keep_ = true;
    Play play;
    play.main = [&](FakeChannel& channel) {
        while (!played_) {
            std::this_thread::yield();
        }
        hang_up(channel);
    };
    expect_connects([&](FakeChannel& channel, unsigned number) {
        if (number < 2) {
            play(channel, number);
        }
        // From the third connection on, which asks whether it still answers, it hangs up.
    });
    played_ = true;
    EXPECT_TRUE(client_->run_until([&] { return client_->losses.size() == 1; }));
    EXPECT_TRUE(client_->run_until([&] { return client_->failures.size() >= 2; }));
    EXPECT_NE(client_->session().state(), ConnectionState::TakenOver);
}

TEST_F(SpiceFakeServer, OneThatIsSilentAfterItsEndWasSwitchedOff) {
    keep_ = true;
    timeout_ = 1500ms;
    Play play;
    play.main = [&](FakeChannel& channel) {
        while (!played_) {
            std::this_thread::yield();
        }
        hang_up(channel);
    };
    expect_connects([&](FakeChannel& channel, unsigned number) {
        if (number < 2) {
            play(channel, number);
        } else {
            channel.wait_for_end();
        }
    });
    played_ = true;
    EXPECT_TRUE(client_->run_until([&] { return !client_->failures.empty(); }));
    EXPECT_EQ(client_->failures[0].code, ErrorCode::Timeout);
}

} // namespace
} // namespace spicykvm
