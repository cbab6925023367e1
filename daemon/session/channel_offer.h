// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/gain.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace spicykvm::session {

enum class ChannelKind : std::uint8_t { Playback, Record };

/// As on the bus.
constexpr std::string_view to_string(ChannelKind kind) noexcept {
    return kind == ChannelKind::Playback ? "playback" : "record";
}

/// When a channel is to be heard: always, or only while keyboard and mouse are in its VM.
enum class When : std::uint8_t { Always, Active };

/// What the configuration wants of a channel; see the property Channels of org.spicykvm.Audio.
struct ChannelSettings {
    std::string description;
    std::string device;
    When when = When::Active;
    double inactive_gain = 0; ///< dB
    audio::VolumeLaw volume_law = audio::VolumeLaw::Hda;
    bool same_clock = false;

    bool operator==(const ChannelSettings&) const = default;
};

/// A channel that the daemon would hand over.
struct ChannelOffer {
    std::string target;
    ChannelKind kind = ChannelKind::Playback;
    ChannelSettings settings;

    [[nodiscard]] bool same_channel(const ChannelOffer& other) const noexcept {
        return target == other.target && kind == other.kind;
    }
    bool operator==(const ChannelOffer&) const = default;
};

} // namespace spicykvm::session
