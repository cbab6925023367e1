// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/playback.h"
#include "sim/player.h"
#include "sim/scenario.h"

#include <vector>

namespace spicykvm::sim {

/// The whole of playback with samples: the guest plays a tone, what the device gets is kept.
class AudioPlayer final : public Player {
  public:
    static constexpr double kAmplitude = 0.5;

    AudioPlayer(const Scenario& scenario, double hz);

    void receive(const Message& message) override;
    Outcome pull(const audio::Pull& pull) override;

    /// All that was played, interleaved.
    [[nodiscard]] const std::vector<float>& output() const noexcept { return output_; }
    [[nodiscard]] const audio::PlaybackSink& sink() const noexcept { return sink_; }
    [[nodiscard]] audio::PlaybackSource& source() noexcept { return source_; }
    /// Of the tone, per frame.
    [[nodiscard]] double frequency() const noexcept { return frequency_; }

  private:
    double frequency_;
    audio::Frames made_ = 0;
    audio::PlaybackShared shared_;
    audio::PlaybackSource source_;
    audio::PlaybackSink sink_;
    std::vector<float> output_;
    std::vector<float> block_;
};

} // namespace spicykvm::sim
