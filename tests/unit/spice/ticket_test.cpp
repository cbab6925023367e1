// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/ticket.h"
#include "support/rsa_server_key.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::Wire;

class TicketTest : public testing::Test {
  protected:
    Ticket encrypt(std::string password, const TicketSeed& seed) {
        return encrypt_ticket(*RsaPublicKey::parse(server_.der()),
                              *Password::from(std::move(password)), seed);
    }

    const test::RsaServerKey server_;
};

TEST_F(TicketTest, TheServerReadsThePasswordAndANul) {
    for (const std::size_t size : {0u, 1u, 6u, 59u}) {
        const std::string password(size, 'p');
        EXPECT_EQ(server_.decrypt(encrypt(password, {})), Wire().text(password).u8(0).get());
    }
}

TEST_F(TicketTest, AnySeedWorks) {
    for (const unsigned value : {0x00U, 0x01U, 0x7fU, 0x80U, 0xffU}) {
        TicketSeed seed;
        seed.fill(static_cast<std::uint8_t>(value));
        EXPECT_EQ(server_.decrypt(encrypt("secret", seed)), Wire().text("secret").u8(0).get());
    }
}

TEST_F(TicketTest, AnotherSeedMakesAnotherTicketOfTheSamePassword) {
    EXPECT_NE(encrypt("secret", TicketSeed{1}), encrypt("secret", TicketSeed{2}));
    EXPECT_EQ(encrypt("secret", TicketSeed{1}), encrypt("secret", TicketSeed{1}));
}

TEST_F(TicketTest, ADamagedTicketDoesNotDecrypt) {
    Ticket ticket = encrypt("secret", {});
    ticket[64] ^= 1;
    EXPECT_EQ(server_.decrypt(ticket), std::nullopt);
}

TEST(Ticket, IsPaddedWithZerosOnTheLeft) {
    // With the exponent 3 and a modulus just above 2^1023, about every 128th ticket is short.
    Bytes modulus(128, 0);
    modulus.front() = 0x80;
    modulus.back() = 0x01;
    const auto key = RsaPublicKey::parse(test::der_public_key(modulus, Bytes{3}));
    ASSERT_TRUE(key);
    bool seen = false;
    for (std::uint32_t i = 0; i < 20'000 && !seen; ++i) {
        TicketSeed seed{};
        seed[0] = static_cast<std::uint8_t>(i);
        seed[1] = static_cast<std::uint8_t>(i >> 8);
        seen = encrypt_ticket(*key, Password(), seed)[0] == 0;
    }
    EXPECT_TRUE(seen);
}

} // namespace
} // namespace spicykvm::spice
