// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/gain.h"

#include <cmath>

namespace spicykvm::audio {

namespace {

/// `steps` + 1 positions, evenly over the range; the highest is 0 dB, the lowest silent.
float stepped(std::uint16_t volume, double steps, double decibels_a_step) noexcept {
    const double step = std::round(volume / 65535.0 * steps);
    return step < 1 ? 0.0F
                    : static_cast<float>(std::pow(10, (step - steps) * decibels_a_step / 20));
}

} // namespace

float amplitude_of(VolumeLaw law, std::uint16_t volume) noexcept {
    const double part = volume / 65535.0;
    switch (law) {
    case VolumeLaw::Hda:
        return stepped(volume, 74, 1);
    case VolumeLaw::Ac97:
        return stepped(volume, 31, 1.5);
    case VolumeLaw::Cubic:
        return static_cast<float>(part * part * part);
    case VolumeLaw::Linear:
        return static_cast<float>(part);
    case VolumeLaw::Ignore:
        break;
    }
    return 1;
}

void GuestMixer::set_volumes(std::span<const std::uint16_t> volumes) noexcept {
    if (volumes.empty()) {
        return;
    }
    volume_ = {amplitude_of(law_, volumes.front()),
               amplitude_of(law_, volumes.size() > 1 ? volumes[1] : volumes.front())};
}

StereoGain GuestMixer::gain() const noexcept {
    return mute_ && law_ != VolumeLaw::Ignore ? StereoGain{0, 0} : volume_;
}

void GainRamp::set_target(StereoGain gain) noexcept {
    if (gain == target_) {
        return;
    }
    target_ = gain;
    left_ = kRampFrames;
    for (std::size_t channel = 0; channel < kChannels; ++channel) {
        step_[channel] = (target_[channel] - now_[channel]) / static_cast<float>(kRampFrames);
    }
}

void GainRamp::apply(std::span<float> frames) noexcept {
    if (left_ == 0 && now_ == StereoGain{1, 1}) {
        return;
    }
    for (std::size_t i = 0; i + 1 < frames.size(); i += kChannels) {
        if (left_ > 0) {
            --left_;
            for (std::size_t channel = 0; channel < kChannels; ++channel) {
                now_[channel] = left_ == 0 ? target_[channel] : now_[channel] + step_[channel];
            }
        }
        frames[i] *= now_[0];
        frames[i + 1] *= now_[1];
    }
}

} // namespace spicykvm::audio
