// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace spicykvm {

namespace {

constexpr std::size_t kMaxText = 255;

struct Character {
    std::size_t size = 1; ///< bytes to take off the text
    char32_t value = 0;   ///< 0: not well-formed
};

/// The first character of a text that is not empty.
Character decode(ByteSpan text) noexcept {
    const std::uint8_t lead = text.front();
    if (lead < 0x80) {
        return {1, lead};
    }
    const auto size = static_cast<std::size_t>(std::countl_one(lead));
    if (size < 2 || size > 4 || size > text.size()) {
        return {};
    }
    char32_t value = lead & (0x7fU >> size);
    for (const std::uint8_t byte : text.subspan(1, size - 1)) {
        if ((byte & 0xc0) != 0x80) {
            return {};
        }
        value = (value << 6) | (byte & 0x3fU);
    }
    constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < kSmallest[size] || value > 0x10ffff || surrogate) {
        return {};
    }
    return {size, value};
}

/// Not a control character, nor one of those that are not seen but turn text around.
bool is_printable(char32_t value) noexcept {
    const auto in = [value](char32_t first, char32_t last) {
        return value >= first && value <= last;
    };
    return !(in(0, 0x1f) || in(0x7f, 0x9f) || in(0x200b, 0x200f) || in(0x2028, 0x202e) ||
             in(0x2060, 0x206f) || value == 0xfeff);
}

} // namespace

std::string printable(ByteSpan text) {
    const auto end = std::ranges::find(text, std::uint8_t{0});
    text = text.first(static_cast<std::size_t>(end - text.begin()));
    std::string result;
    while (!text.empty()) {
        const Character character = decode(text);
        const bool shown = is_printable(character.value);
        if (result.size() + (shown ? character.size : 1) > kMaxText) {
            break;
        }
        if (shown) {
            const ByteSpan bytes = text.first(character.size);
            result.append(bytes.begin(), bytes.end());
        } else {
            result += '?';
        }
        text = text.subspan(character.size);
    }
    return result;
}

std::string printable(std::string_view text) {
    return printable(
        ByteSpan(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())); // NOLINT
}

} // namespace spicykvm
