// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spice/password.h"
#include "spice/rsa_key.h"

#include <array>
#include <cstdint>

namespace spicykvm::spice {

/// Fresh random bytes for one ticket. Never use twice.
using TicketSeed = std::array<std::uint8_t, 20>;
using Ticket = std::array<std::uint8_t, RsaPublicKey::kSize>;

/// The password and a NUL, encrypted with RSAES-OAEP (RFC 8017 7.1.1: SHA-1, MGF1, empty label).
/// Every buffer that has held the password is wiped.
[[nodiscard]] Ticket encrypt_ticket(const RsaPublicKey& key, const Password& password,
                                    const TicketSeed& seed);

} // namespace spicykvm::spice
