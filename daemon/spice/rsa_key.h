// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstdint>
#include <optional>

namespace spicykvm::spice {

/// The server's key for one link: RSA with 1024 bits, nothing else is SPICE.
struct RsaPublicKey {
    static constexpr std::size_t kSize = 128;

    std::array<std::uint8_t, kSize> modulus; ///< big-endian, odd, its top bit set
    std::uint32_t exponent;                  ///< odd, at least 3

    /// From a DER SubjectPublicKeyInfo:
    ///
    ///     SEQUENCE {
    ///         SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL },
    ///         BIT STRING { 0 unused bits, SEQUENCE { INTEGER modulus, INTEGER exponent } } }
    ///
    /// Bytes behind it are ignored: the field it comes in has a fixed size.
    static std::optional<RsaPublicKey> parse(ByteSpan der) noexcept;
};

} // namespace spicykvm::spice
