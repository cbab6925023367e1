// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/packet.h"

#include <algorithm>

namespace spicykvm::ddc {

namespace {

constexpr std::uint8_t kDestination = 0x6e; ///< kDisplayAddress as a byte on the wire
constexpr std::uint8_t kVirtualHost = 0x50; ///< what replies are checked against
constexpr std::uint8_t kLengthFlag = 0x80;
constexpr std::size_t kMaxPayload = 35;

constexpr std::uint8_t kGet = 0x01;
constexpr std::uint8_t kGetReply = 0x02;
constexpr std::uint8_t kSet = 0x03;
constexpr std::uint8_t kSave = 0x0c;
constexpr std::uint8_t kCapabilitiesReply = 0xe3;
constexpr std::uint8_t kCapabilities = 0xf3;

std::uint8_t checksum(std::uint8_t start, ByteSpan bytes) noexcept {
    for (const std::uint8_t byte : bytes) {
        start = static_cast<std::uint8_t>(start ^ byte);
    }
    return start;
}

std::uint8_t high(std::uint16_t value) noexcept {
    return static_cast<std::uint8_t>(value >> 8);
}
std::uint8_t low(std::uint16_t value) noexcept {
    return static_cast<std::uint8_t>(value & 0xff);
}
std::uint16_t big_endian(ByteSpan two) noexcept {
    return static_cast<std::uint16_t>((two[0] << 8) | two[1]);
}

/// The payload of the reply that `bytes` begin with.
tl::expected<ByteSpan, ReplyFault> frame(ByteSpan bytes) noexcept {
    if (bytes.size() < 3) {
        return tl::unexpected(ReplyFault::Short);
    }
    if (std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; })) {
        return tl::unexpected(ReplyFault::AllZero);
    }
    if (bytes[0] != kDestination || bytes[1] < kLengthFlag) {
        return tl::unexpected(ReplyFault::NotDdc);
    }
    const std::size_t length = bytes[1] & 0x7fU;
    if (length > kMaxPayload) {
        return tl::unexpected(ReplyFault::Length);
    }
    if (bytes.size() < length + 3) {
        return tl::unexpected(ReplyFault::Short);
    }
    if (checksum(kVirtualHost, bytes.first(length + 2)) != bytes[length + 2]) {
        return tl::unexpected(ReplyFault::Checksum);
    }
    if (length == 0) {
        return tl::unexpected(ReplyFault::Null);
    }
    return bytes.subspan(2, length);
}

/// As frame(), and forgives a first byte that came twice.
tl::expected<ByteSpan, ReplyFault> payload(ByteSpan bytes) noexcept {
    const bool doubled = bytes.size() > 1 && bytes[0] == kDestination && bytes[1] == kDestination;
    return frame(doubled ? bytes.subspan(1) : bytes);
}

} // namespace

Packet::Packet(SourceAddress source, ByteSpan payload) noexcept {
    ByteWriter writer(bytes_);
    writer.u8(static_cast<std::uint8_t>(source))
        .u8(static_cast<std::uint8_t>(kLengthFlag + payload.size()))
        .bytes(payload);
    writer.u8(checksum(kDestination, writer.written()));
    size_ = writer.size();
}

Packet Packet::get_vcp(VcpCode code) noexcept {
    const std::array<std::uint8_t, 2> payload = {kGet, static_cast<std::uint8_t>(code)};
    return {SourceAddress::Host, payload};
}

Packet Packet::set_vcp(VcpCode code, std::uint16_t value, SourceAddress source) noexcept {
    const std::array<std::uint8_t, 4> payload = {kSet, static_cast<std::uint8_t>(code), high(value),
                                                 low(value)};
    return {source, payload};
}

Packet Packet::save_settings() noexcept {
    const std::array<std::uint8_t, 1> payload = {kSave};
    return {SourceAddress::Host, payload};
}

Packet Packet::capabilities(std::uint16_t offset) noexcept {
    const std::array<std::uint8_t, 3> payload = {kCapabilities, high(offset), low(offset)};
    return {SourceAddress::Host, payload};
}

std::string_view to_string(ReplyFault fault) noexcept {
    switch (fault) {
    case ReplyFault::Short:
        return "a reply that is cut off";
    case ReplyFault::AllZero:
        return "nothing but zeros";
    case ReplyFault::NotDdc:
        return "bytes that are no DDC/CI reply";
    case ReplyFault::Null:
        return "the null message (busy, or not supported)";
    case ReplyFault::Length:
        return "a reply of a wrong length";
    case ReplyFault::Checksum:
        return "a reply with a wrong checksum";
    case ReplyFault::Unrelated:
        return "a reply to something else";
    case ReplyFault::Result:
        return "a reply with an unknown result";
    }
    return "no reply";
}

tl::expected<VcpReply, ReplyFault> parse_vcp_reply(ByteSpan bytes, VcpCode asked) noexcept {
    const auto body = payload(bytes);
    if (!body) {
        return tl::unexpected(body.error());
    }
    if ((*body)[0] != kGetReply) {
        return tl::unexpected(ReplyFault::Unrelated);
    }
    if (body->size() != 8) {
        return tl::unexpected(ReplyFault::Length);
    }
    if ((*body)[2] != static_cast<std::uint8_t>(asked)) {
        return tl::unexpected(ReplyFault::Unrelated);
    }
    switch ((*body)[1]) {
    case 0:
        return VcpReply{true, (*body)[3] == 1, big_endian(body->subspan(4, 2)),
                        big_endian(body->subspan(6, 2))};
    case 1:
        return VcpReply{};
    default:
        return tl::unexpected(ReplyFault::Result);
    }
}

tl::expected<ByteSpan, ReplyFault> parse_capabilities_reply(ByteSpan bytes,
                                                            std::uint16_t asked) noexcept {
    const auto body = payload(bytes);
    if (!body) {
        return tl::unexpected(body.error());
    }
    if ((*body)[0] != kCapabilitiesReply) {
        return tl::unexpected(ReplyFault::Unrelated);
    }
    if (body->size() < 3) {
        return tl::unexpected(ReplyFault::Length);
    }
    if (big_endian(body->subspan(1, 2)) != asked) {
        return tl::unexpected(ReplyFault::Unrelated);
    }
    return body->subspan(3);
}

} // namespace spicykvm::ddc
