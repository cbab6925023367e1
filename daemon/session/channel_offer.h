// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/audio_port.h"
#include "session/audio/gain.h"

#include <string>

namespace spicykvm::session {

using core::AudioKind;
using core::AudioWhen;

/// What the configuration wants of a channel; see the property Channels of org.spicykvm.Audio.
struct ChannelSettings {
    std::string description;
    std::string device;
    AudioWhen when = AudioWhen::Active;
    double inactive_gain = 0; ///< dB
    audio::VolumeLaw volume_law = audio::VolumeLaw::Hda;
    bool same_clock = false;

    bool operator==(const ChannelSettings&) const = default;
};

/// A channel that the daemon would hand over.
struct ChannelOffer {
    std::string target;
    AudioKind kind = AudioKind::Playback;
    ChannelSettings settings;

    [[nodiscard]] bool same_channel(const ChannelOffer& other) const noexcept {
        return target == other.target && kind == other.kind;
    }
    bool operator==(const ChannelOffer&) const = default;
};

} // namespace spicykvm::session
