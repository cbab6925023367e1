// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/rsa_key.h"
#include "support/rsa_server_key.h"

#include <gtest/gtest.h>
#include <spice/protocol.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::der_element;
using test::der_public_key;
using test::to_bytes;
using test::Wire;

/// 1024 bits: c0 ... 01.
Bytes modulus(std::size_t size = 128) {
    Bytes bytes(size, 0x5a);
    bytes.front() = 0xc0;
    bytes.back() = 0x01;
    return bytes;
}

bool accepts(ByteSpan modulus, ByteSpan exponent) {
    return RsaPublicKey::parse(der_public_key(modulus, exponent)).has_value();
}

TEST(RsaPublicKey, ARealOneIsParsed) {
    const test::RsaServerKey server;
    ASSERT_EQ(server.der().size(), std::size_t{SPICE_TICKET_PUBKEY_BYTES});
    const auto key = RsaPublicKey::parse(server.der());
    ASSERT_TRUE(key);
    EXPECT_EQ(to_bytes(key->modulus), server.modulus());
    EXPECT_EQ(key->exponent, 65537u);
}

TEST(RsaPublicKey, EveryTruncationIsRefused) {
    const Bytes der = der_public_key(modulus(), Bytes{1, 0, 1});
    for (std::size_t length = 0; length < der.size(); ++length) {
        const Bytes cut(der.begin(), der.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_FALSE(RsaPublicKey::parse(cut)) << length;
    }
}

TEST(RsaPublicKey, BytesBehindItAreIgnored) {
    Bytes der = der_public_key(modulus(), Bytes{3});
    der.resize(SPICE_TICKET_PUBKEY_BYTES);
    const auto key = RsaPublicKey::parse(der);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->exponent, 3u);
}

TEST(RsaPublicKey, EveryDamagedTagOrLengthIsRefused) {
    const Bytes der = der_public_key(modulus(), Bytes{1, 0, 1});
    // SEQUENCE, SEQUENCE, OID, NULL, BIT STRING, unused bits, SEQUENCE, INTEGER; and INTEGER.
    const std::size_t positions[] = {0,  1,  2,  3,  4,  5,  6,  16, 17,  18, 19,
                                     20, 21, 22, 23, 24, 25, 26, 27, 157, 158};
    for (const std::size_t position : positions) {
        for (const int change : {-1, +1, 0x80, 0x40}) {
            Bytes damaged = der;
            damaged[position] = static_cast<std::uint8_t>(damaged[position] + change);
            EXPECT_FALSE(RsaPublicKey::parse(damaged)) << position << " changed by " << change;
        }
    }
}

TEST(RsaPublicKey, OnlyRsaIsTaken) {
    Bytes der = der_public_key(modulus(), Bytes{1, 0, 1});
    der[14] = 0x02; // another algorithm of PKCS #1
    EXPECT_FALSE(RsaPublicKey::parse(der));
}

TEST(RsaPublicKey, OnlyAModulusOf1024BitsIsTaken) {
    EXPECT_TRUE(accepts(modulus(), Bytes{1, 0, 1}));
    EXPECT_FALSE(accepts(modulus(127), Bytes{1, 0, 1}));
    EXPECT_FALSE(accepts(modulus(129), Bytes{1, 0, 1}));
    EXPECT_FALSE(accepts(modulus(256), Bytes{1, 0, 1}));
    EXPECT_FALSE(accepts(Bytes{}, Bytes{1, 0, 1}));
    Bytes without_top_bit = modulus();
    without_top_bit.front() = 0x7f;
    EXPECT_FALSE(accepts(without_top_bit, Bytes{1, 0, 1}));
}

TEST(RsaPublicKey, AnEvenModulusIsRefused) {
    Bytes even = modulus();
    even.back() = 0x02;
    EXPECT_FALSE(accepts(even, Bytes{1, 0, 1}));
}

TEST(RsaPublicKey, TheExponentIsOddAndFitsInto32Bits) {
    EXPECT_TRUE(accepts(modulus(), Bytes{3}));
    EXPECT_TRUE(accepts(modulus(), Bytes{0xff, 0xff, 0xff, 0xff}));
    EXPECT_FALSE(accepts(modulus(), Bytes{1, 0, 0, 0, 1}));
    EXPECT_FALSE(accepts(modulus(), Bytes{}));
    EXPECT_FALSE(accepts(modulus(), Bytes{0}));
    EXPECT_FALSE(accepts(modulus(), Bytes{1}));
    EXPECT_FALSE(accepts(modulus(), Bytes{2}));
    EXPECT_FALSE(accepts(modulus(), Bytes{1, 0, 0}));
}

TEST(RsaPublicKey, NegativeNumbersAreRefused) {
    const auto with_modulus = [](const Bytes& integer) {
        const Bytes numbers =
            der_element(0x30, Wire().bytes(integer).bytes(Bytes{0x02, 0x01, 0x03}));
        const Bytes algorithm = der_element(0x30, Bytes{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                                        0x0d, 0x01, 0x01, 0x01, 0x05, 0x00});
        return der_element(
            0x30, Wire().bytes(algorithm).bytes(der_element(0x03, Wire().u8(0).bytes(numbers))));
    };
    EXPECT_TRUE(
        RsaPublicKey::parse(with_modulus(der_element(0x02, Wire().u8(0).bytes(modulus())))));
    EXPECT_FALSE(RsaPublicKey::parse(with_modulus(der_element(0x02, modulus()))));
}

TEST(RsaPublicKey, TheIndefiniteLengthIsRefused) {
    Bytes der = der_public_key(modulus(), Bytes{1, 0, 1});
    der[1] = 0x80;
    EXPECT_FALSE(RsaPublicKey::parse(der));
}

TEST(RsaPublicKey, ZerosAsWithSaslAreRefused) {
    EXPECT_FALSE(RsaPublicKey::parse(Bytes(SPICE_TICKET_PUBKEY_BYTES)));
}

} // namespace
} // namespace spicykvm::spice
