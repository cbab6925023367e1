// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/ids.h"

#include <charconv>

namespace spicykvm::config {

namespace {

/// All of `text` as a hexadecimal number without sign or prefix.
template <typename T>
bool from_hex(std::string_view text, T& out) noexcept {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out, 16);
    return error == std::errc() && stop == end;
}

} // namespace

std::optional<core::Uuid> parse_uuid(std::string_view text) noexcept {
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (text.size() != kForm.size()) {
        return std::nullopt;
    }
    core::Uuid uuid{};
    std::size_t byte = 0;
    std::size_t i = 0;
    while (i < kForm.size()) {
        if (kForm[i] == '-') {
            if (text[i++] != '-') {
                return std::nullopt;
            }
            continue;
        }
        if (!from_hex(text.substr(i, 2), uuid[byte++])) {
            return std::nullopt;
        }
        i += 2;
    }
    return uuid;
}

std::optional<DeviceId> parse_device_id(std::string_view text) noexcept {
    DeviceId id;
    if (text.size() != 9 || text[4] != ':' || !from_hex(text.substr(0, 4), id.vendor) ||
        !from_hex(text.substr(5), id.product)) {
        return std::nullopt;
    }
    return id;
}

} // namespace spicykvm::config
