// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "spice/framer.h"

#include <array>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace spicykvm::spice {

/// A message of fixed length, header and all: `fields` one behind the other, little-endian,
/// unpadded.
template <typename... Fields>
constexpr auto encode_message(std::uint16_t type, Fields... fields) noexcept {
    static_assert((std::is_integral_v<Fields> && ...));
    constexpr std::uint32_t size = (0U + ... + static_cast<std::uint32_t>(sizeof(Fields)));
    std::array<std::uint8_t, Framer::kHeaderSize + size> bytes{};
    std::size_t used = 0;
    const auto put = [&](auto value) {
        const auto bits = static_cast<std::make_unsigned_t<decltype(value)>>(value);
        for (std::size_t i = 0; i < sizeof bits; ++i) {
            bytes[used++] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(bits) >> (8 * i));
        }
    };
    put(type);
    put(size);
    (put(fields), ...);
    return bytes;
}

// Messages that may come on every channel (types below 100).

/// | generation u32 | window u32 |
struct SetAck {
    std::uint32_t generation;
    std::uint32_t window; ///< an ACK is due after so many messages; 0: none
    static std::optional<SetAck> parse(ByteSpan body) noexcept;
};

/// | id u32 | timestamp u64 | filler ... |
struct Ping {
    std::uint32_t id;
    std::uint64_t timestamp;
    static std::optional<Ping> parse(ByteSpan body) noexcept;
};

/// | flags u32 |
struct Migrate {
    std::uint32_t flags;
    static std::optional<Migrate> parse(ByteSpan body) noexcept;
};

/// | timestamp u64 | severity u32 | visibility u32 | what u32 | length u32 | text ... | NUL |
struct Notify {
    std::uint32_t severity;
    ByteSpan text; ///< foreign: see printable()
    static std::optional<Notify> parse(ByteSpan body) noexcept;
};

} // namespace spicykvm::spice
