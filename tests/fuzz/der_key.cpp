// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The server's public key.
#include "fuzz/target.h"
#include "spice/ticket.h"

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    if (const auto key = spice::RsaPublicKey::parse(input)) {
        require(key->modulus.front() >= 0x80 && key->modulus.back() % 2 == 1);
        require(key->exponent >= 3 && key->exponent % 2 == 1);
        // Whatever the numbers are, the arithmetic must bear them.
        (void)spice::encrypt_ticket(*key, spice::Password(), spice::TicketSeed{});
    }
}

} // namespace spicykvm::fuzz
