// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace spicykvm::ddc {

/// A feature of a monitor, in the terms of MCCS (the VESA Monitor Control Command Set).
enum class VcpCode : std::uint8_t {
    Luminance = 0x10,
    InputSource = 0x60,
    PowerMode = 0xd6,
    DellPictureSwap = 0xe5,
    DellUsbUpstream = 0xe7,
    DellSubInput = 0xe8,
    DellPictureMode = 0xe9,
    LgInputSource = 0xf4,
};

/// Who a request says it comes from. LG's second way to switch inputs wants the other one.
enum class SourceAddress : std::uint8_t { Host = 0x51, LgChannel = 0x50 };

/// Whether this may be written without `unsafe`: features that move the picture or the USB hub, and
/// power on. Other writes have left monitors dead or with dead buttons.
[[nodiscard]] bool may_write(VcpCode code, std::uint16_t value) noexcept;

/// A value as people write it: a name of MCCS 2.2 for feature 0x60 ("displayport-1", "hdmi-2") or
/// "0x" and up to four hexadecimal digits; case does not matter. InvalidArgument: anything else,
/// and above all a decimal number, because manuals give these values in hexadecimal.
[[nodiscard]] Result<std::uint16_t> parse_input(std::string_view text);
/// The name of a value of feature 0x60, or "0x1b1b" for one without.
[[nodiscard]] std::string input_text(std::uint16_t value);

} // namespace spicykvm::ddc
