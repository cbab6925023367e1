// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/audio_player.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace spicykvm::sim {

AudioPlayer::AudioPlayer(const Scenario& scenario, double hz)
    : frequency_(hz / static_cast<double>(audio::kRate)),
      source_(shared_, {.prior = Nanoseconds(static_cast<std::int64_t>(scenario.prior_ms * 1e6))},
              audio::VolumeLaw::Hda),
      sink_(shared_), block_(8192 * audio::kChannels) {}

void AudioPlayer::receive(const Message& message) {
    if (message.kind == Message::Kind::Start) {
        source_.on_start({2, 1, 48000, message.stamp_ms});
        return;
    }
    if (message.kind == Message::Kind::Stop) {
        source_.on_stop();
        return;
    }
    std::array<std::uint8_t, audio::kPacketFrames * 4> payload;
    for (std::size_t i = 0; i < payload.size(); i += 4) {
        const double turn = std::fmod(frequency_ * static_cast<double>(made_++), 1.0);
        const double begin =
            std::min(1.0, static_cast<double>(made_) / 4800); // no click of its own
        const double wave = begin * kAmplitude * std::sin(2 * std::numbers::pi * turn);
        const auto sample = static_cast<std::uint16_t>(std::lround(wave * 32767));
        payload[i] = payload[i + 2] = static_cast<std::uint8_t>(sample);
        payload[i + 1] = payload[i + 3] = static_cast<std::uint8_t>(sample >> 8U);
    }
    source_.on_data(message.time, message.stamp_ms, payload);
}

Outcome AudioPlayer::pull(const audio::Pull& pull) {
    const audio::Frames frames = sink_.pull(pull, block_);
    const auto end = block_.begin() + static_cast<std::ptrdiff_t>(frames * 2);
    output_.insert(output_.end(), block_.begin(), end);
    return {};
}

} // namespace spicykvm::sim
