// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <spice/protocol.h>
#include <string_view>

namespace spicykvm::spice {

/// The channels this client links; each is a connection of its own.
enum class ChannelType : std::uint8_t {
    Main = SPICE_CHANNEL_MAIN,
    Inputs = SPICE_CHANNEL_INPUTS,
    Playback = SPICE_CHANNEL_PLAYBACK,
    Record = SPICE_CHANNEL_RECORD,
};

constexpr std::string_view to_string(ChannelType type) noexcept {
    switch (type) {
    case ChannelType::Main:
        return "main";
    case ChannelType::Inputs:
        return "inputs";
    case ChannelType::Playback:
        return "playback";
    case ChannelType::Record:
        return "record";
    }
    return "unknown";
}

/// A word of capabilities with one bit set; `number` is a SPICE_*_CAP_*.
constexpr std::uint32_t capability(unsigned number) noexcept {
    return std::uint32_t{1} << number;
}

} // namespace spicykvm::spice
