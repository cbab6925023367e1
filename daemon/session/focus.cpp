// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/focus.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::session {

float playback_gain(const ChannelSettings& settings, bool is_active) noexcept {
    if (is_active) {
        return 1;
    }
    if (settings.when != AudioWhen::Always || std::isnan(settings.inactive_gain)) {
        return 0;
    }
    return static_cast<float>(std::pow(10, std::min(settings.inactive_gain, 0.0) / 20));
}

std::optional<std::size_t> microphone_owner(std::span<const MicrophoneWish> wishes,
                                            std::string_view active) noexcept {
    std::optional<std::size_t> owner;
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        const MicrophoneWish& wish = wishes[i];
        if (!wish.is_recording) {
            continue;
        }
        if (!active.empty() && wish.target == active) {
            return i;
        }
        if (wish.when == AudioWhen::Always && !owner) {
            owner = i;
        }
    }
    return owner;
}

void CorkDelay::set_sounding(bool sounding, TimePoint now) noexcept {
    if (sounding) {
        cork_at_.reset();
    } else if (sounding_) {
        cork_at_ = now + kDelay;
    }
    sounding_ = sounding;
}

bool CorkDelay::corked(TimePoint now) const noexcept {
    return !sounding_ && (!cork_at_ || now >= *cork_at_);
}

std::optional<TimePoint> CorkDelay::deadline() const noexcept {
    return cork_at_;
}

} // namespace spicykvm::session
