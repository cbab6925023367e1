// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "spice/channel_type.h"

#include <array>
#include <cstdint>
#include <optional>

namespace spicykvm::spice {

// Every connection begins with one message each way, both behind the same header:
//
//     0       4       8       12     16
//     | REDQ  | major | minor | size |   all u32
struct LinkHeader {
    static constexpr std::size_t kSize = 16;
    static constexpr std::uint32_t kMagic = 0x51444552; ///< "REDQ"

    std::uint32_t magic;
    std::uint32_t major;
    std::uint32_t size; ///< of what follows
    static std::optional<LinkHeader> parse(ByteSpan header) noexcept;
};

/// Client to server:
///
///     | session u32 | channel u8 | id u8 | common words u32 | channel words u32 | offset u32 |
///     | common capabilities u32 | channel capabilities u32 |
///
/// `offset` is where the capabilities begin; they are not aligned.
struct LinkHello {
    static constexpr std::size_t kSize = LinkHeader::kSize + 18 + 2 * 4;

    ChannelType channel = ChannelType::Main;
    /// 0 for main, always: another number would be taken for a migration target.
    std::uint32_t session = 0;
    std::uint32_t channel_capabilities = 0;

    [[nodiscard]] std::array<std::uint8_t, kSize> encode() const noexcept;
};

/// Server to client:
///
///     | error u32 | DER key (162) | common words u32 | channel words u32 | offset u32 |
///     ... | common capabilities u32 ... | channel capabilities u32 ... |
struct LinkReply {
    static constexpr std::size_t kMinSize = 178;
    static constexpr std::size_t kMaxSize = 4096;

    std::uint32_t error;
    std::array<std::uint8_t, SPICE_TICKET_PUBKEY_BYTES> key;
    std::uint32_t common_capabilities; ///< the first word; no bit beyond is known
    std::uint32_t channel_capabilities;

    /// `body`: what follows the header.
    static std::optional<LinkReply> parse(ByteSpan body) noexcept;
};

} // namespace spicykvm::spice
