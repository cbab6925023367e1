// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/link_messages.h"

#include <algorithm>

namespace spicykvm::spice {

std::optional<LinkHeader> LinkHeader::parse(ByteSpan header) noexcept {
    ByteReader reader(header);
    LinkHeader result{};
    result.magic = reader.u32();
    result.major = reader.u32();
    (void)reader.u32(); // minor: no difference is known
    result.size = reader.u32();
    return reader.ok() ? std::optional(result) : std::nullopt;
}

std::array<std::uint8_t, LinkHello::kSize> LinkHello::encode() const noexcept {
    constexpr std::uint32_t kCommon = capability(SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION) |
                                      capability(SPICE_COMMON_CAP_AUTH_SPICE) |
                                      capability(SPICE_COMMON_CAP_MINI_HEADER);
    constexpr std::uint32_t kOffset = 18;
    std::array<std::uint8_t, kSize> bytes{};
    ByteWriter writer(bytes);
    writer.u32(LinkHeader::kMagic)
        .u32(SPICE_VERSION_MAJOR)
        .u32(SPICE_VERSION_MINOR)
        .u32(kSize - LinkHeader::kSize);
    writer.u32(session).u8(static_cast<std::uint8_t>(channel)).u8(0).u32(1).u32(1).u32(kOffset);
    writer.u32(kCommon).u32(channel_capabilities);
    return bytes;
}

std::optional<LinkReply> LinkReply::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    LinkReply reply{};
    reply.error = reader.u32();
    const ByteSpan key = reader.bytes(reply.key.size());
    const std::uint64_t common_words = reader.u32();
    const std::uint64_t channel_words = reader.u32();
    const std::uint64_t offset = reader.u32();
    if (!reader.ok() || offset > body.size() ||
        (common_words + channel_words) * 4 > body.size() - offset) {
        return std::nullopt;
    }
    std::ranges::copy(key, reply.key.begin());
    ByteReader words(body.subspan(offset));
    if (common_words > 0) {
        reply.common_capabilities = words.u32();
        (void)words.bytes((common_words - 1) * 4);
    }
    if (channel_words > 0) {
        reply.channel_capabilities = words.u32();
    }
    return reply;
}

} // namespace spicykvm::spice
