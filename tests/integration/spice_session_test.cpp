// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The session against a real libspice-server.
#include "support/session_client.h"
#include "support/socket_folder.h"
#include "support/spice_server.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace spicykvm {
namespace {

using namespace std::chrono_literals;
using core::ConnectionState;
using test::client_settings;
using test::SessionClient;
using test::SpiceServer;
using test::SpiceServerLog;
using test::SpiceServerSettings;

constexpr core::Uuid kUuid = {0xc7, 0xa5, 0xfd, 0xbd, 0xed, 0xaf, 0x94, 0x55,
                              0x92, 0x6a, 0xd6, 0x5c, 0x16, 0xdb, 0x18, 0x09};
constexpr core::Uuid kOtherUuid = {0xc7, 0xa5, 0xfd, 0xbd, 0xed, 0xaf, 0x94, 0x55,
                                   0x92, 0x6a, 0xd6, 0x5c, 0x16, 0xdb, 0x18, 0x0a};

enum class Transport { Tcp, Unix };

class SpiceSession : public testing::TestWithParam<Transport> {
  protected:
    SpiceServerSettings server_settings() {
        SpiceServerSettings settings;
        if (GetParam() == Transport::Unix) {
            settings.unix_path = folder_.socket();
        }
        return settings;
    }

    test::SocketFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Over, SpiceSession, testing::Values(Transport::Tcp, Transport::Unix),
                         [](const auto& instance) {
                             return instance.param == Transport::Tcp ? "Tcp" : "Unix";
                         });

TEST_P(SpiceSession, ConnectsAndTellsWhoAnswered) {
    auto settings = server_settings();
    settings.name = "win11";
    settings.uuid = kUuid;
    const SpiceServer server(settings);
    SessionClient client(client_settings(server.uri()));
    EXPECT_EQ(client.session().state(), ConnectionState::Disconnected);
    EXPECT_EQ(client.session().connection(), nullptr);
    ASSERT_TRUE(client.connect());
    EXPECT_EQ(client.inputs, 1u);
    EXPECT_EQ(client.connected, 1u);
    EXPECT_EQ(client.session().identity().name, "win11");
    EXPECT_EQ(client.session().identity().uuid, kUuid);
    EXPECT_EQ(client.session().address(), server.uri());
    EXPECT_FALSE(client.session().last_error());
    EXPECT_FALSE(client.session().insecure());
    EXPECT_TRUE(server.wait_for([](const SpiceServerLog& log) { return log.inputs_links == 1; }));
}

TEST_P(SpiceSession, KeepsWhatFurtherChannelsAreLinkedWith) {
    const SpiceServer server(server_settings());
    SessionClient client(client_settings(server.uri()));
    ASSERT_TRUE(client.connect());
    const auto* connection = client.session().connection();
    ASSERT_NE(connection, nullptr);
    EXPECT_NE(connection->session(), 0u);
    EXPECT_TRUE(connection->has_channel(spice::ChannelType::Inputs));
    EXPECT_FALSE(connection->has_channel(spice::ChannelType::Record));
    EXPECT_NE(connection->main_capabilities().common, 0u);
}

TEST_P(SpiceSession, ConnectingAgainIsAnsweredWithoutAnotherConnection) {
    const SpiceServer server(server_settings());
    SessionClient client(client_settings(server.uri()));
    ASSERT_TRUE(client.connect());
    ASSERT_TRUE(client.connect());
    EXPECT_EQ(client.connected, 2u);
    EXPECT_EQ(client.inputs, 1u);
    EXPECT_EQ(server.log().main_links, 1u);
}

TEST_P(SpiceSession, NothingListensWhenTheVmIsOff) {
    std::string uri;
    {
        const SpiceServer server(server_settings());
        uri = server.uri();
    }
    SessionClient client(client_settings(uri));
    EXPECT_FALSE(client.connect());
    ASSERT_EQ(client.failures.size(), 1u);
    EXPECT_EQ(client.failures[0],
              (Error{ErrorCode::Unreachable,
                     "connect to " + uri + ": nothing listens there; is the VM running?"}));
    EXPECT_EQ(client.session().state(), ConnectionState::Disconnected);
    EXPECT_EQ(client.session().last_error(), client.failures[0]);
}

TEST_P(SpiceSession, AServerThatStandsStillIsTimedOut) {
    SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.connect_timeout = 500ms;
    SessionClient client(settings);
    const SpiceServer::Stall stall(server);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0),
              (Error{ErrorCode::Timeout,
                     "link the main channel of " + server.uri() + ": no answer in 500 ms"}));
}

TEST_P(SpiceSession, TheEndOfTheServerIsNoticed) {
    auto server = std::make_unique<SpiceServer>(server_settings());
    SessionClient client(client_settings(server->uri()));
    ASSERT_TRUE(client.connect());
    server.reset();
    ASSERT_TRUE(client.run_until([&] { return !client.losses.empty(); }));
    EXPECT_EQ(client.losses[0].code, ErrorCode::Disconnected);
    EXPECT_EQ(client.session().state(), ConnectionState::Disconnected);
    EXPECT_EQ(client.session().last_error(), client.losses[0]);
    EXPECT_EQ(client.session().connection(), nullptr);
}

TEST_P(SpiceSession, AKeptSessionConnectsAgainWhenTheServerIsBack) {
    auto settings = server_settings();
    auto server = std::make_unique<SpiceServer>(settings);
    settings.tcp_port = server->tcp_port();
    auto client_side = client_settings(server->uri());
    client_side.keep_connected = true;
    SessionClient client(client_side);
    ASSERT_TRUE(client.connect());
    server.reset();
    ASSERT_TRUE(client.run_until([&] { return !client.failures.empty(); }));
    EXPECT_EQ(client.session().state(), ConnectionState::Waiting);
    server = std::make_unique<SpiceServer>(settings);
    ASSERT_TRUE(client.run_until_state(ConnectionState::Connected));
    EXPECT_EQ(client.inputs, 2u);
    EXPECT_FALSE(client.session().last_error());
    ASSERT_EQ(client.losses.size(), 1u);
}

TEST_P(SpiceSession, AKeptSessionWaitsForAServerThatWasNeverThere) {
    auto settings = server_settings();
    auto server = std::make_unique<SpiceServer>(settings);
    settings.tcp_port = server->tcp_port();
    auto client_side = client_settings(server->uri());
    client_side.keep_connected = true;
    server.reset();
    SessionClient client(client_side);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.session().state(), ConnectionState::Waiting);
    server = std::make_unique<SpiceServer>(settings);
    EXPECT_TRUE(client.run_until_state(ConnectionState::Connected));
}

TEST_P(SpiceSession, DisconnectingIsOrderlyAndFinal) {
    const SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.keep_connected = true;
    SessionClient client(settings);
    ASSERT_TRUE(client.connect());
    client.drop_input();
    client.session().disconnect();
    EXPECT_EQ(client.session().state(), ConnectionState::Disconnected);
    EXPECT_TRUE(
        server.wait_for([](const SpiceServerLog& log) { return log.linked_channels == 0; }));
    EXPECT_FALSE(client.run_until(
        [&] { return client.session().state() != ConnectionState::Disconnected; }, 50ms));
    EXPECT_TRUE(client.losses.empty());
    EXPECT_EQ(server.log().main_links, 1u);
}

TEST_P(SpiceSession, DisconnectingDuringAnAttemptGivesNoAnswer) {
    const SpiceServer server(server_settings());
    SessionClient client(client_settings(server.uri()));
    client.session().connect();
    EXPECT_EQ(client.session().state(), ConnectionState::Connecting);
    client.session().disconnect();
    EXPECT_FALSE(client.run_until([&] { return client.connected + client.inputs > 0; }, 100ms));
    EXPECT_TRUE(client.failures.empty());
    ASSERT_TRUE(client.connect());
}

TEST_P(SpiceSession, AnotherClientTakesOverAndIsNotFought) {
    const SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.keep_connected = true;
    SessionClient first(settings);
    ASSERT_TRUE(first.connect());
    SessionClient second(settings);
    ASSERT_TRUE(second.connect());

    ASSERT_TRUE(first.run_until_state(ConnectionState::TakenOver));
    EXPECT_EQ(first.losses.size(), 1u);
    EXPECT_EQ(first.session().last_error()->code, ErrorCode::Busy);
    // Longer than the longest pause between two attempts.
    EXPECT_FALSE(first.run_until(
        [&] { return first.session().state() != ConnectionState::TakenOver; }, 100ms));
    EXPECT_FALSE(second.run_until(
        [&] { return second.session().state() != ConnectionState::Connected; }, 50ms));
    EXPECT_EQ(server.log().main_links, 2u);
}

TEST_P(SpiceSession, ATakenOverSessionComesBackWhenItIsAskedFor) {
    const SpiceServer server(server_settings());
    SessionClient first(client_settings(server.uri()));
    ASSERT_TRUE(first.connect());
    SessionClient second(client_settings(server.uri()));
    ASSERT_TRUE(second.connect());
    ASSERT_TRUE(first.run_until_state(ConnectionState::TakenOver));
    ASSERT_TRUE(first.connect());
    EXPECT_TRUE(second.run_until_state(ConnectionState::TakenOver));
    EXPECT_EQ(first.inputs, 2u);
}

TEST_P(SpiceSession, AnAdministratorWhoEndsTheSessionIsNotFoughtEither) {
    SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.keep_connected = true;
    SessionClient client(settings);
    ASSERT_TRUE(client.connect());
    server.kick();
    EXPECT_TRUE(client.run_until_state(ConnectionState::TakenOver));
}

TEST_P(SpiceSession, ALostInputsChannelEndsTheConnection) {
    const SpiceServer server(server_settings());
    SessionClient client(client_settings(server.uri()));
    ASSERT_TRUE(client.connect());
    client.drop_input();
    client.session().input_lost();
    EXPECT_EQ(client.session().state(), ConnectionState::Disconnected);
    ASSERT_EQ(client.losses.size(), 1u);
    EXPECT_EQ(client.losses[0],
              (Error{ErrorCode::Disconnected, "inputs channel of " + server.uri() + ": lost"}));
    EXPECT_TRUE(client.run_until([&] { return server.log().linked_channels == 0; }));
    EXPECT_EQ(client.losses.size(), 1u);
}

TEST_P(SpiceSession, AKeptSessionReplacesALostInputsChannelAtOnce) {
    const SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.keep_connected = true;
    settings.retry_min = settings.retry_max = 60s;
    SessionClient client(settings);
    ASSERT_TRUE(client.connect());
    client.drop_input();
    client.session().input_lost();
    ASSERT_TRUE(client.run_until_state(ConnectionState::Connected));
    EXPECT_EQ(client.inputs, 2u);
}

TEST_P(SpiceSession, TheRightVmIsTaken) {
    auto settings = server_settings();
    settings.name = "win11";
    settings.uuid = kUuid;
    const SpiceServer server(settings);
    auto client_side = client_settings(server.uri());
    client_side.uuid = kUuid;
    client_side.vm_name = "win11";
    SessionClient client(client_side);
    EXPECT_TRUE(client.connect());
}

TEST_P(SpiceSession, AnotherVmGetsNoInputsChannel) {
    auto settings = server_settings();
    settings.name = "someone else's";
    settings.uuid = kOtherUuid;
    const SpiceServer server(settings);
    auto client_side = client_settings(server.uri());
    client_side.uuid = kUuid;
    SessionClient client(client_side);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0),
              (Error{ErrorCode::WrongPeer, "identify the VM at " + server.uri() +
                                               ": it has another UUID; its name is \"someone "
                                               "else's\""}));
    EXPECT_EQ(client.session().identity().uuid, kOtherUuid);
    EXPECT_TRUE(
        server.wait_for([](const SpiceServerLog& log) { return log.linked_channels == 0; }));
    EXPECT_EQ(server.log().inputs_links, 0u);
}

TEST_P(SpiceSession, AVmThatDoesNotTellItsUuidIsNotTheOne) {
    const SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.uuid = kUuid;
    SessionClient client(settings);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0).code, ErrorCode::WrongPeer);
    EXPECT_NE(client.failures[0].message.find("it does not tell its UUID"), std::string::npos);
}

TEST_P(SpiceSession, AVmOfAnotherNameIsNotTheOne) {
    const SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.vm_name = "win11";
    SessionClient client(settings);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0),
              (Error{ErrorCode::WrongPeer, "identify the VM at " + server.uri() +
                                               ": its name is \"test-vm\", not \"win11\""}));
    EXPECT_EQ(server.log().inputs_links, 0u);
}

class SpiceUnixSession : public testing::Test {
  protected:
    SpiceServerSettings server_settings() const {
        SpiceServerSettings settings;
        settings.unix_path = folder_.socket();
        return settings;
    }
    test::SocketFolder folder_;
};

TEST_F(SpiceUnixSession, ASocketThatAppearsIsTriedAtOnce) {
    auto settings = client_settings("spice+unix://" + folder_.socket());
    settings.keep_connected = true;
    settings.retry_min = settings.retry_max = 60s;
    SessionClient client(settings);
    EXPECT_FALSE(client.connect());
    const SpiceServer server(server_settings());
    EXPECT_TRUE(client.run_until_state(ConnectionState::Connected));
}

TEST_F(SpiceUnixSession, TheSocketMustBelongToWhoItShould) {
    const SpiceServer server(server_settings());
    auto settings = client_settings(server.uri());
    settings.peer_uid = ::getuid();
    EXPECT_TRUE(SessionClient(settings).connect());

    settings.peer_uid = ::getuid() + 1;
    SessionClient client(settings);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0),
              (Error{ErrorCode::WrongPeer,
                     "connect to " + server.uri() + ": the socket belongs to user " +
                         std::to_string(::getuid()) + ", not " + std::to_string(::getuid() + 1)}));
    EXPECT_EQ(server.log().main_links, 1u);
}

TEST(SpiceTcpSession, HostNamesAreLookedUp) {
    const SpiceServer server;
    SessionClient client(client_settings("spice://localhost:" + std::to_string(server.tcp_port())));
    EXPECT_TRUE(client.connect());
}

TEST(SpiceTcpSession, PlainTcpBeyondThisHostIsRefused) {
    SessionClient client(client_settings("spice://192.0.2.1:5900"));
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0).code, ErrorCode::InvalidArgument);
    EXPECT_NE(client.failures[0].message.find("insecure = true"), std::string::npos);
    EXPECT_FALSE(client.session().insecure());
}

TEST(SpiceTcpSession, PlainTcpBeyondThisHostIsTriedIfItIsWanted) {
    auto settings = client_settings("spice://192.0.2.1:5900");
    settings.insecure = true;
    settings.connect_timeout = 50ms;
    SessionClient client(settings);
    EXPECT_TRUE(client.session().insecure());
    EXPECT_FALSE(client.connect());
    // No answer, or no route there.
    EXPECT_NE(client.failures.at(0).code, ErrorCode::InvalidArgument);
}

TEST(SpiceTcpSession, AnAddressThatIsNoneFailsWithTheReason) {
    for (const std::string uri : {"", "vnc://localhost:5900", "spice://localhost",
                                  "spice+tls://localhost:5901", "spice://h:1?password=x"}) {
        SessionClient client(client_settings(uri));
        EXPECT_FALSE(client.connect());
        EXPECT_TRUE(client.failures.at(0).message.starts_with("read the SPICE address: ")) << uri;
        EXPECT_EQ(client.session().state(), ConnectionState::Disconnected);
    }
}

} // namespace
} // namespace spicykvm
