// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/edid.h"

#include <algorithm>
#include <numeric>

namespace spicykvm::ddc {

namespace {

constexpr std::array<std::uint8_t, 8> kHeader = {0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00};
constexpr std::array<std::size_t, 4> kDescriptors = {54, 72, 90, 108};
constexpr std::uint8_t kNameTag = 0xfc;
constexpr std::uint8_t kSerialTag = 0xff;

bool is_base_block(ByteSpan block) noexcept {
    return std::ranges::equal(block.first(kHeader.size()), kHeader) &&
           std::accumulate(block.begin(), block.end(), 0U) % 256 == 0;
}

std::string letters(std::uint8_t high, std::uint8_t low) {
    const unsigned packed = (unsigned{high} << 8) | low;
    std::string text;
    for (const unsigned shift : {10U, 5U, 0U}) {
        const unsigned letter = (packed >> shift) & 0x1f;
        text += letter >= 1 && letter <= 26 ? static_cast<char>('A' + letter - 1) : '?';
    }
    return text;
}

std::string descriptor_text(ByteSpan characters) {
    std::string text;
    for (const std::uint8_t byte : characters) {
        if (byte == '\n') {
            break;
        }
        if (byte >= 0x20 && byte < 0x7f) {
            text += static_cast<char>(byte);
        }
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text.erase(0, text.find_first_not_of(' '));
}

/// Of the first descriptor with this tag.
std::string text_of(ByteSpan block, std::uint8_t tag) {
    for (const std::size_t start : kDescriptors) {
        const ByteSpan descriptor = block.subspan(start, 18);
        if (descriptor[0] == 0 && descriptor[1] == 0 && descriptor[2] == 0 &&
            descriptor[3] == tag) {
            return descriptor_text(descriptor.subspan(5));
        }
    }
    return {};
}

Edid decode(ByteSpan block) {
    Edid edid;
    edid.manufacturer = letters(block[8], block[9]);
    ByteReader reader(block.subspan(10));
    edid.product = reader.u16();
    edid.serial_number = reader.u32();
    (void)reader.u8(); // week
    edid.year = 1990U + reader.u8();
    edid.name = text_of(block, kNameTag);
    edid.serial = text_of(block, kSerialTag);
    std::ranges::copy(block, edid.block.begin());
    return edid;
}

} // namespace

std::optional<Edid> Edid::parse(ByteSpan bytes) {
    for (const std::size_t start : {std::size_t{0}, kBlockSize}) {
        if (bytes.size() >= start + kBlockSize && is_base_block(bytes.subspan(start, kBlockSize))) {
            return decode(bytes.subspan(start, kBlockSize));
        }
    }
    return std::nullopt;
}

bool Edid::same_unit(const Edid& other) const noexcept {
    constexpr std::size_t kFirst = 8; // manufacturer, product, serial number, week, year
    constexpr std::size_t kEnd = 18;
    return std::equal(block.begin() + kFirst, block.begin() + kEnd, other.block.begin() + kFirst) &&
           name == other.name && serial == other.serial;
}

} // namespace spicykvm::ddc
