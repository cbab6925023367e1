// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace spicykvm::ddc {

/// Who a monitor says it is: the base block of its EDID (VESA E-EDID 1.4).
///
///     0 header (8) | 8 manufacturer be16 | 10 product le16 | 12 serial le32 | 16 week | 17 year -
///     1990 54, 72, 90, 108 descriptors (18): 00 00 00 tag 00, 13 characters; tag fc name, ff
///     serial 127 makes the sum of all 128 bytes zero
struct Edid {
    static constexpr std::size_t kBlockSize = 128;
    using Block = std::array<std::uint8_t, kBlockSize>;

    std::string manufacturer;        ///< three letters, '?' for what is none
    std::uint16_t product = 0;       ///< may differ between the inputs of one monitor
    std::uint32_t serial_number = 0; ///< 0 and 0x01010101 are common and mean nothing
    unsigned year = 0;
    std::string name;   ///< printable ASCII without blanks around it; may be empty
    std::string serial; ///< likewise; personal: not for logs
    Block block{};

    /// Nothing, unless a base block with the right header and sum begins `bytes`, or stands behind
    /// one other block (a read of 256 bytes may begin in the middle).
    [[nodiscard]] static std::optional<Edid> parse(ByteSpan bytes);
    /// Whether both describe one unit, as far as an EDID can tell. Ignores what its settings
    /// change.
    [[nodiscard]] bool same_unit(const Edid& other) const noexcept;
};

} // namespace spicykvm::ddc
