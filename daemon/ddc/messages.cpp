// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/messages.h"

#include <algorithm>

namespace spicykvm::ddc {

namespace {

constexpr std::uint32_t kMagic = 0x31636464; ///< "ddc1"
constexpr std::uint16_t kMaxDelay = 1000;

/// Bit 0 upwards of a reply's flags.
constexpr std::array<bool Reply::*, 7> kFlags = {
    &Reply::attempted, &Reply::unlocked,  &Reply::internal, &Reply::edid_unreadable,
    &Reply::supported, &Reply::momentary, &Reply::has_edid};
constexpr std::uint8_t kAllFlags = (1U << kFlags.size()) - 1;

std::uint8_t byte(auto value) noexcept {
    return static_cast<std::uint8_t>(value);
}

bool in_range(const Request& request) noexcept {
    const bool known =
        request.operation >= Operation::Display && request.operation <= Operation::Capabilities &&
        request.identity <= IdentityRule::IfReadable &&
        (request.source == SourceAddress::Host || request.source == SourceAddress::LgChannel);
    const bool allowed = request.operation != Operation::Set || request.unsafe ||
                         may_write(request.vcp, request.value);
    return known && allowed && request.reply_delay_ms <= kMaxDelay;
}

std::uint8_t flags_of(const Reply& reply) noexcept {
    unsigned flags = 0;
    for (std::size_t i = 0; i < kFlags.size(); ++i) {
        flags |= reply.*kFlags[i] ? 1U << i : 0U;
    }
    return byte(flags);
}

void set_flags(Reply& reply, unsigned flags) noexcept {
    for (std::size_t i = 0; i < kFlags.size(); ++i) {
        reply.*kFlags[i] = (flags & (1U << i)) != 0;
    }
}

} // namespace

std::array<std::uint8_t, Request::kSize> Request::encode() const noexcept {
    std::array<std::uint8_t, kSize> bytes{};
    ByteWriter writer(bytes);
    writer.u32(kMagic).u32(serial);
    writer.u8(byte(operation)).u8(byte(identity)).u8(byte(unsafe)).u8(byte(source));
    writer.u8(byte(vcp)).u8(0);
    writer.u16(static_cast<std::uint16_t>(bus)).u16(value).u16(index).u16(reply_delay_ms);
    writer.bytes(edid);
    return bytes;
}

std::optional<Request> Request::decode(ByteSpan bytes) noexcept {
    if (bytes.size() != kSize) {
        return std::nullopt;
    }
    ByteReader reader(bytes);
    const std::uint32_t magic = reader.u32();
    Request request;
    request.serial = reader.u32();
    request.operation = Operation{reader.u8()};
    request.identity = IdentityRule{reader.u8()};
    const std::uint8_t unsafe = reader.u8();
    request.unsafe = unsafe == 1;
    request.source = SourceAddress{reader.u8()};
    request.vcp = VcpCode{reader.u8()};
    const std::uint8_t zero = reader.u8();
    request.bus = Bus{reader.u16()};
    request.value = reader.u16();
    request.index = reader.u16();
    request.reply_delay_ms = reader.u16();
    std::ranges::copy(reader.bytes(request.edid.size()), request.edid.begin());
    const bool good = magic == kMagic && unsafe <= 1 && zero == 0 && in_range(request);
    return good ? std::optional(request) : std::nullopt;
}

std::array<std::uint8_t, Reply::kSize> Reply::encode() const noexcept {
    std::array<std::uint8_t, kSize> bytes{};
    ByteWriter writer(bytes);
    writer.u32(kMagic).u32(serial);
    writer.u8(byte(status)).u8(flags_of(*this)).u8(byte(fault)).u8(0);
    writer.u32(static_cast<std::uint32_t>(error_number)).u16(max).u16(current);
    const std::size_t bus_count = std::min(buses.size(), kMaxBuses);
    const std::size_t length = std::min(text.size(), kMaxText);
    writer.u8(byte(bus_count)).u8(byte(length));
    for (std::size_t i = 0; i < kMaxBuses; ++i) {
        writer.u16(i < bus_count ? static_cast<std::uint16_t>(buses[i]) : std::uint16_t{0});
    }
    writer.bytes(edid);
    for (std::size_t i = 0; i < length; ++i) {
        writer.u8(byte(text[i]));
    }
    return bytes; // the rest of the text is zeros
}

std::optional<Reply> Reply::decode(ByteSpan bytes) {
    if (bytes.size() != kSize) {
        return std::nullopt;
    }
    ByteReader reader(bytes);
    const std::uint32_t magic = reader.u32();
    Reply reply;
    reply.serial = reader.u32();
    reply.status = Status{reader.u8()};
    const std::uint8_t flags = reader.u8();
    set_flags(reply, flags);
    reply.fault = ReplyFault{reader.u8()};
    const std::uint8_t zero = reader.u8();
    reply.error_number = static_cast<int>(reader.u32());
    reply.max = reader.u16();
    reply.current = reader.u16();
    const std::size_t bus_count = reader.u8();
    const std::size_t length = reader.u8();
    for (std::size_t i = 0; i < kMaxBuses; ++i) {
        const Bus bus{reader.u16()};
        if (i < bus_count) {
            reply.buses.push_back(bus);
        }
    }
    std::ranges::copy(reader.bytes(reply.edid.size()), reply.edid.begin());
    if (magic != kMagic || zero != 0 || flags > kAllFlags || reply.status > Status::Invalid ||
        reply.fault > ReplyFault::Result || reply.error_number < 0 || bus_count > kMaxBuses ||
        length > kMaxText) {
        return std::nullopt;
    }
    for (const std::uint8_t character : reader.bytes(length)) {
        reply.text += static_cast<char>(character);
    }
    return reply;
}

} // namespace spicykvm::ddc
