// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/vcp.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>

namespace spicykvm::ddc {

namespace {

struct InputName {
    std::uint16_t value;
    std::string_view name;
};

// MCCS 2.2a, feature 0x60. Nothing beyond 0x12 is assigned; USB-C has no value of its own there.
constexpr std::array<InputName, 18> kInputNames = {{
    {0x01, "vga-1"},
    {0x02, "vga-2"},
    {0x03, "dvi-1"},
    {0x04, "dvi-2"},
    {0x05, "composite-1"},
    {0x06, "composite-2"},
    {0x07, "s-video-1"},
    {0x08, "s-video-2"},
    {0x09, "tuner-1"},
    {0x0a, "tuner-2"},
    {0x0b, "tuner-3"},
    {0x0c, "component-1"},
    {0x0d, "component-2"},
    {0x0e, "component-3"},
    {0x0f, "displayport-1"},
    {0x10, "displayport-2"},
    {0x11, "hdmi-1"},
    {0x12, "hdmi-2"},
}};

constexpr std::string_view kAllowed =
    "a name (vga, dvi, displayport, hdmi, composite, s-video, tuner, component; with \"-1\" or "
    "\"-2\") or a hexadecimal number from 0x0 to 0xffff";

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

} // namespace

bool may_write(VcpCode code, std::uint16_t value) noexcept {
    switch (code) {
    case VcpCode::InputSource:
    case VcpCode::LgInputSource:
    case VcpCode::DellPictureSwap:
    case VcpCode::DellUsbUpstream:
    case VcpCode::DellSubInput:
    case VcpCode::DellPictureMode:
        return true;
    case VcpCode::PowerMode:
        return value == 1;
    case VcpCode::Luminance:
        break;
    }
    return false;
}

Result<std::uint16_t> parse_input(std::string_view text) {
    constexpr std::size_t kMaxShown = 64;
    const std::string wanted = lower(text.substr(0, kMaxShown));
    if (text.size() <= 6 && wanted.starts_with("0x") && wanted.size() > 2) {
        std::uint16_t value = 0;
        const char* const end = wanted.data() + wanted.size();
        const auto parsed = std::from_chars(wanted.data() + 2, end, value, 16);
        if (parsed.ec == std::errc{} && parsed.ptr == end) {
            return value;
        }
    }
    const auto found = std::ranges::find(kInputNames, std::string_view(wanted), &InputName::name);
    if (found != kInputNames.end() && text.size() == wanted.size()) {
        return found->value;
    }
    return fail(ErrorCode::InvalidArgument,
                "\"" + wanted + "\" is no monitor input; allowed: " + std::string(kAllowed));
}

std::string input_text(std::uint16_t value) {
    const auto found = std::ranges::find(kInputNames, value, &InputName::value);
    if (found != kInputNames.end()) {
        return std::string(found->name);
    }
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "0x%02x", value);
    return text.data();
}

} // namespace spicykvm::ddc
