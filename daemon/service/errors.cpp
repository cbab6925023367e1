// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/errors.h"

#include "base/sdbus_compat.h"
#include "spicykvm-dbus/names.h"

#include <cstddef>
#include <cstdint>

namespace spicykvm::service {

namespace {

/// Bytes of the well-formed UTF-8 sequence that `text` begins with (Unicode 15, table 3-7); 0:
/// none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    std::size_t length = 0;
    std::uint8_t low = 0x80; // the second byte's range; it excludes overlong forms and surrogates
    std::uint8_t high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    }
    if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) {
        return 0;
    }
    for (std::size_t i = 2; i < length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF) {
            return 0;
        }
    }
    return length;
}

} // namespace

std::string error_name(ErrorCode code) {
    std::string name = dbus::kErrorPrefix;
    bool word_begins = true;
    for (const char letter : to_string(code)) {
        if (letter == '-') {
            word_begins = true;
            continue;
        }
        name += word_begins ? static_cast<char>(letter - 'a' + 'A') : letter;
        word_begins = false;
    }
    return name;
}

sdbus::Error to_bus_error(const Error& error) {
    return compat::make_error(error_name(error.code), utf8(error.message));
}

sdbus::Error to_bus_error(const char* name, std::string_view message) {
    return compat::make_error(name, utf8(message));
}

std::string utf8(std::string_view text) {
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            clean += '?';
            text.remove_prefix(1);
            continue;
        }
        clean += text.substr(0, length);
        text.remove_prefix(length);
    }
    return clean;
}

} // namespace spicykvm::service
