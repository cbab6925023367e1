// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/link.h"
#include "support/rsa_server_key.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::to_bytes;
using test::Wire;
using Stage = Link::Stage;

constexpr std::uint32_t kQemu = 0x0b; // auth selection, SPICE ticket, mini header

const test::RsaServerKey& server_key() {
    static const test::RsaServerKey key;
    return key;
}

Wire header(std::uint32_t size) {
    return Wire().text("REDQ").u32(2).u32(2).u32(size);
}

Wire reply(std::uint32_t error, std::uint32_t common, const Bytes& key = server_key().der()) {
    return header(186).u32(error).bytes(key).u32(1).u32(1).u32(178).u32(common).u32(0x0f);
}

class LinkTest : public testing::Test {
  protected:
    /// Hands bytes over as a socket would: no more than asked for at a time.
    void receive(ByteSpan bytes, std::size_t portion = 4096) {
        while (!bytes.empty() && link().wanted() > 0) {
            const std::size_t count = std::min({bytes.size(), link().wanted(), portion});
            link().receive(bytes.first(count));
            bytes = bytes.subspan(count);
        }
        left_over_ = bytes.size();
    }
    Bytes sent() {
        Bytes bytes = to_bytes(link().out().pending());
        link().out().consume(bytes.size());
        return bytes;
    }
    void expect_failure(ErrorCode code, const std::string& cause) {
        EXPECT_EQ(link().stage(), Stage::Failed);
        EXPECT_EQ(link().wanted(), 0u);
        EXPECT_EQ(link().error(), (Error{code, "link the " + std::string(to_string(channel_)) +
                                                   " channel of spice://vm:5900: " + cause}));
    }
    Link& link() {
        if (!link_) {
            link_.emplace(LinkHello{.channel = channel_}, "spice://vm:5900", password_,
                          TicketSeed{1, 2, 3}, goal_);
        }
        return *link_;
    }

    ChannelType channel_ = ChannelType::Main;
    LinkGoal goal_ = LinkGoal::Full;
    Password password_ = *Password::from("secret");
    std::size_t left_over_ = 0;

  private:
    std::optional<Link> link_;
};

TEST_F(LinkTest, SaysHelloAtOnce) {
    EXPECT_EQ(sent(), to_bytes(LinkHello{}.encode()));
    EXPECT_EQ(link().wanted(), 16u);
}

TEST_F(LinkTest, LinksWithATicketTheServerCanRead) {
    (void)sent();
    receive(reply(0, kQemu));
    EXPECT_EQ(link().stage(), Stage::Verdict);
    const Bytes answer = sent();
    ASSERT_EQ(answer.size(), 4u + 128u);
    EXPECT_EQ(Bytes(answer.begin(), answer.begin() + 4), Wire().u32(1).get());
    EXPECT_EQ(server_key().decrypt(ByteSpan(answer).subspan(4)), Wire().text("secret").u8(0).get());
    receive(Wire().u32(0));
    EXPECT_EQ(link().stage(), Stage::Linked);
    EXPECT_TRUE(link().finished());
    EXPECT_EQ(link().capabilities().common, kQemu);
    EXPECT_EQ(link().capabilities().channel, 0x0fu);
}

TEST_F(LinkTest, LinksWhenEveryByteComesAlone) {
    receive(reply(0, kQemu), 1);
    receive(Wire().u32(0), 1);
    EXPECT_EQ(link().stage(), Stage::Linked);
}

TEST_F(LinkTest, TakesNothingOfWhatFollowsTheHandshake) {
    receive(reply(0, kQemu));
    receive(Wire().u32(0).message(103, Bytes(32)));
    EXPECT_EQ(link().stage(), Stage::Linked);
    EXPECT_EQ(left_over_, 38u);
}

TEST_F(LinkTest, NamesNoMechanismToAServerThatTakesNone) {
    (void)sent();
    receive(reply(0, 0x0a));
    EXPECT_EQ(sent().size(), 128u);
}

TEST_F(LinkTest, AProbeEndsAtTheReplyAndSendsNoTicket) {
    goal_ = LinkGoal::Probe;
    (void)sent();
    receive(reply(0, kQemu));
    EXPECT_EQ(link().stage(), Stage::Linked);
    EXPECT_TRUE(sent().empty());
}

TEST_F(LinkTest, AWrongOrExpiredPasswordIsSaidSo) {
    receive(reply(0, kQemu));
    receive(Wire().u32(7));
    expect_failure(ErrorCode::WrongPassword,
                   "the server refused the password: wrong, expired or not given");
    EXPECT_EQ(link().error().message.find("secret"), std::string::npos);
}

TEST_F(LinkTest, AForgottenSessionIsSaidSo) {
    channel_ = ChannelType::Inputs;
    receive(reply(0, kQemu));
    receive(Wire().u32(8));
    expect_failure(ErrorCode::Disconnected, "the server no longer knows the session");
}

TEST_F(LinkTest, EachErrorOfTheReplyIsSaidSo) {
    struct Case {
        std::uint32_t number;
        ErrorCode code;
        std::string cause;
    };
    const Case cases[] = {
        {1, ErrorCode::Failed, "the server refused it with error 1"},
        {3, ErrorCode::NotSupported, "the server refused the request; it probably wants SASL"},
        {4, ErrorCode::NotSupported, "the server speaks another version of SPICE"},
        {5, ErrorCode::NotSupported, "the server wants TLS for it"},
        {6, ErrorCode::NotSupported, "the server wants no TLS for it"},
        {9, ErrorCode::NotFound, "the VM has no such channel"},
        {77, ErrorCode::Failed, "the server refused it with error 77"}};
    const Password password;
    for (const Case& expected : cases) {
        Link link(LinkHello{}, "vm", password, TicketSeed{});
        // As libspice-server sends it: zeros for the key.
        const Wire bytes = reply(expected.number, kQemu, Bytes(162));
        link.receive(ByteSpan(bytes).first(16));
        link.receive(ByteSpan(bytes).subspan(16));
        EXPECT_EQ(link.error(),
                  (Error{expected.code, "link the main channel of vm: " + expected.cause}));
    }
}

TEST_F(LinkTest, AMissingChannelIsAnEndRightAfterTheHello) {
    channel_ = ChannelType::Inputs;
    link().end_of_stream();
    expect_failure(ErrorCode::NotFound, "the VM has no such channel");
}

TEST_F(LinkTest, MainIsNeverMissingSoThatIsNoServer) {
    link().end_of_stream();
    expect_failure(ErrorCode::Protocol,
                   "the peer hung up on SPICE; another service or the server's TLS port");
}

TEST_F(LinkTest, AnotherServiceIsFoundOutByItsFirstFourBytes) {
    receive(Wire().text("RFB "));
    expect_failure(ErrorCode::Protocol, "the answer is not SPICE; another service listens there");
}

TEST_F(LinkTest, ATlsPortIsFoundOutByItsAlert) {
    receive(Bytes{0x15, 0x03, 0x01, 0x00});
    expect_failure(ErrorCode::NotSupported, "it answers in TLS; this is the server's TLS port");
}

TEST_F(LinkTest, AnotherVersionIsRefused) {
    receive(Wire().text("REDQ").u32(1).u32(0).u32(186));
    expect_failure(ErrorCode::NotSupported, "it speaks version 1 of SPICE, not 2");
}

TEST_F(LinkTest, SizesOfTheReplyHaveBounds) {
    const Password password;
    const std::pair<std::uint32_t, Stage> cases[] = {{177, Stage::Failed},
                                                     {178, Stage::Reply},
                                                     {4096, Stage::Reply},
                                                     {4097, Stage::Failed},
                                                     {0xffffffff, Stage::Failed}};
    for (const auto& [size, stage] : cases) {
        Link link(LinkHello{}, "vm", password, TicketSeed{});
        link.receive(header(size));
        EXPECT_EQ(link.stage(), stage) << size;
    }
}

TEST_F(LinkTest, AMalformedReplyIsSaidSo) {
    receive(header(178).u32(0).fill(162, 0).u32(1).u32(1).u32(178));
    expect_failure(ErrorCode::Protocol, "its reply is malformed");
}

TEST_F(LinkTest, AMalformedKeyIsSaidSo) {
    receive(reply(0, kQemu, Bytes(162)));
    expect_failure(ErrorCode::Protocol, "its RSA key is malformed");
}

TEST_F(LinkTest, AServerWithoutMiniHeadersIsTooOld) {
    receive(reply(0, 0x03));
    expect_failure(ErrorCode::NotSupported,
                   "the server is too old (no mini headers; QEMU 1.0 has them)");
}

TEST_F(LinkTest, AServerWithSaslAloneIsSaidSo) {
    receive(reply(0, 0x0d));
    expect_failure(ErrorCode::NotSupported, "the server takes no SPICE password, only SASL");
}

TEST_F(LinkTest, AnEndInTheReplyIsSaidSo) {
    const Wire bytes = reply(0, kQemu);
    for (const std::size_t length : {1u, 15u, 16u, 17u, 201u}) {
        const Password password;
        Link link(LinkHello{}, "vm", password, TicketSeed{});
        link.receive(ByteSpan(bytes).first(std::min<std::size_t>(length, 16)));
        if (length > 16) {
            link.receive(ByteSpan(bytes).subspan(16, length - 16));
        }
        link.end_of_stream();
        EXPECT_EQ(link.error(),
                  (Error{ErrorCode::Disconnected,
                         "link the main channel of vm: the server hung up in its reply"}));
    }
}

TEST_F(LinkTest, AnEndInsteadOfTheVerdictIsSaidSo) {
    receive(reply(0, kQemu));
    link().end_of_stream();
    expect_failure(ErrorCode::Disconnected, "the server hung up on the password");
}

TEST_F(LinkTest, NoAnswerInTimeIsSaidSo) {
    link().time_out(5000ms);
    expect_failure(ErrorCode::Timeout, "no answer in 5000 ms");
}

TEST_F(LinkTest, AFailedSocketIsSaidSo) {
    link().socket_failed(EHOSTUNREACH);
    expect_failure(ErrorCode::Disconnected, "No route to host");
}

TEST_F(LinkTest, NothingChangesWhatIsFinished) {
    receive(reply(0, kQemu));
    receive(Wire().u32(0));
    link().end_of_stream();
    link().time_out(1ms);
    link().receive(Bytes(10));
    EXPECT_EQ(link().stage(), Stage::Linked);
}

} // namespace
} // namespace spicykvm::spice
