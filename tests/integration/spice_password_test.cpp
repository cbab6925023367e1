// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Passwords against a real libspice-server, which decrypts and compares them.
#include "support/session_client.h"
#include "support/spice_server.h"

#include <gtest/gtest.h>

namespace spicykvm {
namespace {

using test::client_settings;
using test::SessionClient;
using test::SpiceServer;
using test::SpiceServerSettings;

const std::string kPassword59 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW";

class SpicePassword : public testing::Test {
  protected:
    static SpiceServerSettings with_ticket(const std::string& ticket) {
        SpiceServerSettings settings;
        settings.ticket = ticket;
        return settings;
    }
    static void expect_refused(SessionClient& client) {
        EXPECT_FALSE(client.connect());
        EXPECT_EQ(client.failures.at(0).code, ErrorCode::WrongPassword);
        EXPECT_TRUE(client.failures[0].message.ends_with(
            "the server refused the password: wrong, expired or not given"));
    }
};

TEST_F(SpicePassword, TheRightOneIsTaken) {
    const SpiceServer server(with_ticket("secret"));
    EXPECT_TRUE(SessionClient(client_settings(server.uri(), "secret")).connect());
}

TEST_F(SpicePassword, EveryLengthUpTo59BytesWorks) {
    SpiceServer server(with_ticket("x"));
    for (const std::size_t size : {1u, 2u, 20u, 58u, 59u}) {
        const std::string password = kPassword59.substr(0, size);
        server.set_ticket(password);
        EXPECT_TRUE(SessionClient(client_settings(server.uri(), password)).connect()) << size;
    }
}

TEST_F(SpicePassword, SixtyBytesWorkAsTheServerCutsThem) {
    const SpiceServer server(with_ticket(kPassword59 + "X"));
    EXPECT_TRUE(SessionClient(client_settings(server.uri(), kPassword59 + "X")).connect());
}

TEST_F(SpicePassword, SixtyOneBytesAreNotEvenTried) {
    const SpiceServer server(with_ticket("secret"));
    SessionClient client(client_settings(server.uri(), kPassword59 + "XY"));
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0).code, ErrorCode::InvalidArgument);
    EXPECT_EQ(server.log().main_links, 0u);
}

TEST_F(SpicePassword, AWrongOneIsRefused) {
    const SpiceServer server(with_ticket("secret"));
    SessionClient client(client_settings(server.uri(), "Secret"));
    expect_refused(client);
}

TEST_F(SpicePassword, NoneIsRefusedWhereOneIsWanted) {
    const SpiceServer server(with_ticket("secret"));
    auto settings = client_settings(server.uri());
    settings.password = nullptr;
    SessionClient client(settings);
    expect_refused(client);
}

TEST_F(SpicePassword, AnExpiredOneIsRefused) {
    SpiceServer server(with_ticket("secret"));
    server.set_ticket("secret", true);
    SessionClient client(client_settings(server.uri(), "secret"));
    expect_refused(client);
}

TEST_F(SpicePassword, AnyOneIsTakenWhereNoneIsWanted) {
    const SpiceServer server;
    EXPECT_TRUE(SessionClient(client_settings(server.uri(), "whatever")).connect());
}

TEST_F(SpicePassword, IsReadAnewForEachAttempt) {
    const SpiceServer server(with_ticket("second"));
    auto settings = client_settings(server.uri());
    std::string password = "first";
    settings.password = [&] { return Result<std::string>(password); };
    SessionClient client(settings);
    expect_refused(client);
    password = "second";
    EXPECT_TRUE(client.connect());
}

TEST_F(SpicePassword, OneThatCannotBeReadFailsTheAttempt) {
    const SpiceServer server;
    auto settings = client_settings(server.uri());
    settings.password = []() -> Result<std::string> {
        return fail(ErrorCode::NotFound, "read /etc/vm.pw: No such file or directory");
    };
    SessionClient client(settings);
    EXPECT_FALSE(client.connect());
    EXPECT_EQ(client.failures.at(0),
              (Error{ErrorCode::NotFound, "read /etc/vm.pw: No such file or directory"}));
    EXPECT_EQ(server.log().main_links, 0u);
}

} // namespace
} // namespace spicykvm
