// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "support/wire.h"

#include <optional>
#include <string>

namespace spicykvm::test {

/// A server's RSA key pair for links, made with nettle from a fixed seed.
class RsaServerKey {
  public:
    explicit RsaServerKey(unsigned bits = 1024);
    ~RsaServerKey();
    RsaServerKey(const RsaServerKey&) = delete;
    RsaServerKey& operator=(const RsaServerKey&) = delete;

    /// The public key as DER SubjectPublicKeyInfo.
    [[nodiscard]] Bytes der() const;
    [[nodiscard]] Bytes modulus() const;

    /// What is in a ticket (RSAES-OAEP, SHA-1); nothing if the padding is wrong.
    [[nodiscard]] std::optional<Bytes> decrypt(ByteSpan ticket) const;

  private:
    struct Pair;
    Pair* pair_;
};

/// One DER element.
Bytes der_element(std::uint8_t tag, ByteSpan content);
/// A SubjectPublicKeyInfo with these numbers (big-endian), whatever they are.
Bytes der_public_key(ByteSpan modulus, ByteSpan exponent);

} // namespace spicykvm::test
