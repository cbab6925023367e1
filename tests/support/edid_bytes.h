// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/wire.h"

#include <numeric>
#include <string_view>

namespace spicykvm::test {

/// What an EDID says; put together without the daemon's decoder.
struct EdidText {
    std::string_view manufacturer = "DEL";
    std::uint16_t product = 0x41b5;
    std::uint32_t serial_number = 0x12345678;
    std::string_view name = "DELL U2720Q";
    std::string_view serial = "ABC1234";
};

inline Bytes edid_bytes(const EdidText& text = {}) {
    Bytes block(128);
    const auto put = [&](std::size_t at, std::uint64_t value, unsigned size) {
        for (unsigned i = 0; i < size; ++i) {
            block[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
        }
    };
    const auto descriptor = [&](std::size_t at, std::uint8_t tag, std::string_view words) {
        block[at + 3] = tag;
        for (std::size_t i = 0; i < 13; ++i) {
            const char c = i < words.size() ? words[i] : i == words.size() ? '\n' : ' ';
            block[at + 5 + i] = static_cast<std::uint8_t>(c);
        }
    };
    put(1, 0xffffffffffff, 6);
    unsigned letters = 0;
    for (const char c : text.manufacturer) {
        letters = letters << 5 | static_cast<unsigned>(c - 'A' + 1);
    }
    block[8] = static_cast<std::uint8_t>(letters >> 8);
    block[9] = static_cast<std::uint8_t>(letters);
    put(10, text.product, 2);
    put(12, text.serial_number, 4);
    block[16] = 7;  // week
    block[17] = 31; // 2021
    block[54] = 1;  // a timing, which is no text
    descriptor(72, 0xff, text.serial);
    descriptor(90, 0xfc, text.name);
    block[127] = static_cast<std::uint8_t>(-std::accumulate(block.begin(), block.end(), 0));
    return block;
}

} // namespace spicykvm::test
