// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/rsa_key.h"

#include <algorithm>

namespace spicykvm::spice {

namespace {

enum Tag : std::uint8_t {
    kInteger = 0x02,
    kBitString = 0x03,
    kNull = 0x05,
    kObjectIdentifier = 0x06,
    kSequence = 0x30,
};

/// 1.2.840.113549.1.1.1
constexpr std::array<std::uint8_t, 9> kRsaEncryption = {0x2a, 0x86, 0x48, 0x86, 0xf7,
                                                        0x0d, 0x01, 0x01, 0x01};

std::optional<std::size_t> read_length(ByteReader& reader) noexcept {
    const std::uint8_t first = reader.u8();
    if (first < 0x80) {
        return first;
    }
    if (first == 0x81) {
        return reader.u8();
    }
    if (first == 0x82) {
        const std::size_t high = reader.u8();
        return (high << 8) | reader.u8();
    }
    // 80 is "indefinite", which DER forbids; a longer length can't be meant here.
    return std::nullopt;
}

/// The content of the next element, if that is a `tag`.
std::optional<ByteSpan> read(ByteReader& reader, Tag tag) noexcept {
    if (reader.u8() != tag) {
        return std::nullopt;
    }
    const auto length = read_length(reader);
    if (!length) {
        return std::nullopt;
    }
    const ByteSpan content = reader.bytes(*length);
    return reader.ok() ? std::optional(content) : std::nullopt;
}

/// A positive integer's digits, without the zero byte that keeps it from being negative.
std::optional<ByteSpan> read_positive(ByteReader& reader) noexcept {
    const auto content = read(reader, kInteger);
    if (!content || content->empty() || content->front() >= 0x80) {
        return std::nullopt;
    }
    return content->front() == 0 ? content->subspan(1) : *content;
}

bool is_rsa(ByteSpan algorithm) noexcept {
    ByteReader reader(algorithm);
    const auto identifier = read(reader, kObjectIdentifier);
    const auto parameters = read(reader, kNull);
    return identifier && std::ranges::equal(*identifier, kRsaEncryption) && parameters &&
           parameters->empty();
}

std::optional<RsaPublicKey> parse_numbers(ByteSpan sequence) noexcept {
    ByteReader reader(sequence);
    const auto modulus = read_positive(reader);
    const auto exponent = read_positive(reader);
    if (!modulus || modulus->size() != RsaPublicKey::kSize || modulus->front() < 0x80 ||
        modulus->back() % 2 == 0 || !exponent || exponent->size() > 4) {
        return std::nullopt;
    }
    RsaPublicKey key{};
    std::ranges::copy(*modulus, key.modulus.begin());
    for (const std::uint8_t byte : *exponent) {
        key.exponent = (key.exponent << 8) | byte;
    }
    if (key.exponent < 3 || key.exponent % 2 == 0) {
        return std::nullopt;
    }
    return key;
}

} // namespace

std::optional<RsaPublicKey> RsaPublicKey::parse(ByteSpan der) noexcept {
    ByteReader outer(der);
    const auto info = read(outer, kSequence);
    if (!info) {
        return std::nullopt;
    }
    ByteReader reader(*info);
    const auto algorithm = read(reader, kSequence);
    const auto bits = read(reader, kBitString);
    if (!algorithm || !is_rsa(*algorithm) || !bits || bits->empty() || bits->front() != 0) {
        return std::nullopt;
    }
    ByteReader inner(bits->subspan(1));
    const auto numbers = read(inner, kSequence);
    return numbers ? parse_numbers(*numbers) : std::nullopt;
}

} // namespace spicykvm::spice
