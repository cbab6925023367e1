// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/ticket.h"

#include "spice/wipe.h"

#include <algorithm>
#include <bit>
#include <gmp.h>
#include <nettle/sha1.h>
#include <span>
#include <vector>

namespace spicykvm::spice {

namespace {

constexpr std::size_t kHash = SHA1_DIGEST_SIZE;
constexpr std::size_t kBlock = RsaPublicKey::kSize;
static_assert(sizeof(TicketSeed) == kHash);
static_assert(Password::kMaxSize + 1 <= kBlock - 2 * kHash - 2, "fits into one block");

using Bytes = std::span<std::uint8_t>;

/// MGF1 (RFC 8017 B.2.1) of `seed`, added onto `target`.
void mask(Bytes target, ByteSpan seed) {
    std::array<std::uint8_t, kHash> digest{};
    for (std::size_t at = 0, counter = 0; at < target.size(); at += kHash, ++counter) {
        // Never more than six digests: the counter's upper bytes stay zero.
        const std::array<std::uint8_t, 4> big_endian = {0, 0, 0,
                                                        static_cast<std::uint8_t>(counter)};
        sha1_ctx context;
        sha1_init(&context);
        sha1_update(&context, seed.size(), seed.data());
        sha1_update(&context, big_endian.size(), big_endian.data());
        sha1_digest(&context, digest.size(), digest.data());
        wipe(context);
        const std::size_t count = std::min(kHash, target.size() - at);
        for (std::size_t i = 0; i < count; ++i) {
            target[at + i] ^= digest[i];
        }
    }
    wipe(digest);
}

/// | 00 | masked seed (20) | masked: hash of the empty label (20), 00 ..., 01, password, 00 |
void pad(std::span<std::uint8_t, kBlock> block, std::string_view password, const TicketSeed& seed) {
    std::ranges::fill(block, std::uint8_t{0});
    const Bytes masked_seed = block.subspan(1, kHash);
    const Bytes masked_data = block.subspan(1 + kHash);
    sha1_ctx empty_label;
    sha1_init(&empty_label);
    sha1_digest(&empty_label, kHash, masked_data.data());
    const std::size_t message = masked_data.size() - (password.size() + 1);
    masked_data[message - 1] = 1;
    std::ranges::copy(password, masked_data.begin() + static_cast<std::ptrdiff_t>(message));
    std::ranges::copy(seed, masked_seed.begin());
    mask(masked_data, seed);
    mask(masked_seed, masked_data);
}

constexpr std::size_t kLimbs = kBlock / sizeof(mp_limb_t);
using Limbs = std::array<mp_limb_t, kLimbs>;

Limbs to_limbs(std::span<const std::uint8_t, kBlock> big_endian) {
    Limbs limbs{};
    for (std::size_t i = 0; i < kBlock; ++i) {
        const mp_limb_t byte = big_endian[kBlock - 1 - i];
        limbs[i / sizeof(mp_limb_t)] |= byte << (8 * (i % sizeof(mp_limb_t)));
    }
    return limbs;
}

Ticket to_bytes(const Limbs& limbs) {
    Ticket bytes{};
    for (std::size_t i = 0; i < kBlock; ++i) {
        const mp_limb_t limb = limbs[i / sizeof(mp_limb_t)];
        bytes[kBlock - 1 - i] = static_cast<std::uint8_t>(limb >> (8 * (i % sizeof(mp_limb_t))));
    }
    return bytes;
}

/// base ^ exponent mod modulus. By GMP's mpn_sec_powm(), because all its scratch is the caller's to
/// wipe.
Limbs power(const Limbs& base, const RsaPublicKey& key) {
    const Limbs modulus = to_limbs(key.modulus);
    const mp_limb_t exponent = key.exponent;
    const auto bits = static_cast<mp_bitcnt_t>(std::bit_width(exponent));
    constexpr auto size = static_cast<mp_size_t>(kLimbs);
    std::vector<mp_limb_t> scratch(static_cast<std::size_t>(mpn_sec_powm_itch(size, bits, size)));
    Limbs result{};
    mpn_sec_powm(result.data(), base.data(), size, &exponent, bits, modulus.data(), size,
                 scratch.data());
    ::explicit_bzero(scratch.data(), scratch.size() * sizeof(mp_limb_t));
    return result;
}

} // namespace

Ticket encrypt_ticket(const RsaPublicKey& key, const Password& password, const TicketSeed& seed) {
    std::array<std::uint8_t, kBlock> block;
    pad(block, password.text(), seed);
    Limbs message = to_limbs(block);
    const Ticket ticket = to_bytes(power(message, key));
    wipe(message);
    wipe(block);
    return ticket;
}

} // namespace spicykvm::spice
