// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/rsa_server_key.h"

#include <algorithm>
#include <nettle/bignum.h>
#include <nettle/rsa.h>
#include <nettle/sha1.h>
#include <nettle/yarrow.h>
#include <stdexcept>

namespace spicykvm::test {

struct RsaServerKey::Pair {
    rsa_public_key open;
    rsa_private_key secret;
};

RsaServerKey::RsaServerKey(unsigned bits) : pair_(new Pair) {
    rsa_public_key_init(&pair_->open);
    rsa_private_key_init(&pair_->secret);
    mpz_set_ui(pair_->open.e, 65537);
    yarrow256_ctx random;
    yarrow256_init(&random, 0, nullptr);
    const Bytes seed(YARROW256_SEED_FILE_SIZE, 7);
    yarrow256_seed(&random, seed.size(), seed.data());
    if (rsa_generate_keypair(&pair_->open, &pair_->secret, &random,
                             reinterpret_cast<nettle_random_func*>(yarrow256_random), nullptr,
                             nullptr, bits, 0) != 1) {
        throw std::runtime_error("rsa_generate_keypair");
    }
}

RsaServerKey::~RsaServerKey() {
    rsa_public_key_clear(&pair_->open);
    rsa_private_key_clear(&pair_->secret);
    delete pair_;
}

namespace {

Bytes to_bytes(const mpz_t number, std::size_t size) {
    Bytes bytes(size);
    nettle_mpz_get_str_256(bytes.size(), bytes.data(), number);
    return bytes;
}

Bytes mgf1(ByteSpan seed, std::size_t size) {
    Bytes result;
    for (std::uint8_t counter = 0; result.size() < size; ++counter) {
        sha1_ctx context;
        sha1_init(&context);
        sha1_update(&context, seed.size(), seed.data());
        sha1_update(&context, 4, Bytes{0, 0, 0, counter}.data());
        Bytes digest(SHA1_DIGEST_SIZE);
        sha1_digest(&context, digest.size(), digest.data());
        result.insert(result.end(), digest.begin(), digest.end());
    }
    result.resize(size);
    return result;
}

Bytes add(ByteSpan left, ByteSpan right) {
    Bytes result(left.size());
    std::transform(left.begin(), left.end(), right.begin(), result.begin(),
                   [](std::uint8_t a, std::uint8_t b) -> std::uint8_t { return a ^ b; });
    return result;
}

} // namespace

Bytes RsaServerKey::modulus() const {
    return to_bytes(pair_->open.n, pair_->open.size);
}

Bytes RsaServerKey::der() const {
    return der_public_key(modulus(), Bytes{1, 0, 1});
}

std::optional<Bytes> RsaServerKey::decrypt(ByteSpan ticket) const {
    mpz_t number;
    nettle_mpz_init_set_str_256_u(number, ticket.size(), ticket.data());
    rsa_compute_root(&pair_->secret, number, number);
    const Bytes block = to_bytes(number, pair_->open.size);
    mpz_clear(number);
    const ByteSpan masked_seed = ByteSpan(block).subspan(1, 20);
    const ByteSpan masked_data = ByteSpan(block).subspan(21);
    const Bytes seed = add(masked_seed, mgf1(masked_data, 20));
    const Bytes data = add(masked_data, mgf1(seed, masked_data.size()));
    // SHA-1 of nothing.
    const Bytes label = {0xda, 0x39, 0xa3, 0xee, 0x5e, 0x6b, 0x4b, 0x0d, 0x32, 0x55,
                         0xbf, 0xef, 0x95, 0x60, 0x18, 0x90, 0xaf, 0xd8, 0x07, 0x09};
    const auto one = std::find_if(data.begin() + 20, data.end(), [](auto b) { return b != 0; });
    if (block[0] != 0 || !std::equal(label.begin(), label.end(), data.begin()) ||
        one == data.end() || *one != 1) {
        return std::nullopt;
    }
    return Bytes(one + 1, data.end());
}

Bytes der_element(std::uint8_t tag, ByteSpan content) {
    Wire wire = Wire().u8(tag);
    if (content.size() >= 0x100) {
        wire.u8(0x82).u8(static_cast<std::uint8_t>(content.size() >> 8));
    } else if (content.size() >= 0x80) {
        wire.u8(0x81);
    }
    return wire.u8(static_cast<std::uint8_t>(content.size())).bytes(content).get();
}

Bytes der_public_key(ByteSpan modulus, ByteSpan exponent) {
    const auto integer = [](ByteSpan digits) {
        Wire content;
        if (!digits.empty() && digits.front() >= 0x80) {
            content.u8(0);
        }
        return der_element(0x02, content.bytes(digits));
    };
    const Bytes numbers =
        der_element(0x30, Wire().bytes(integer(modulus)).bytes(integer(exponent)));
    const Bytes algorithm = der_element(
        0x30, Bytes{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00});
    return der_element(
        0x30, Wire().bytes(algorithm).bytes(der_element(0x03, Wire().u8(0).bytes(numbers))));
}

} // namespace spicykvm::test
