// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/playout.h"
#include "session/audio/sample_ring.h"

#include <array>
#include <span>
#include <vector>

namespace spicykvm::audio {

/// Makes the resampler's input as planned. All fades are here, before the resampler, which so never
/// meets a step: where frames are missing, the last one is held and faded out.
class Feed {
  public:
    static constexpr Frames kMaxFrames = Resampler::kMaxFrames;
    /// A stream that begins or resumes below this (-66 dB) needs no fade.
    static constexpr float kQuiet = 0.0005F;

    Feed();

    /// `frames` has room for `plan.feed` frames, at most kMaxFrames.
    void render(const SampleRing& ring, const Plan& plan, std::span<float> frames) noexcept;

    /// How often the ring's writer overtook the reading.
    [[nodiscard]] std::uint64_t overtaken() const noexcept { return overtaken_; }

  private:
    using Frame = std::array<float, kChannels>;
    [[nodiscard]] Frame source(std::size_t index) noexcept;
    [[nodiscard]] Frame faded(const Plan& plan, Frames position, std::size_t index) noexcept;

    std::vector<PackedFrame> frames_;
    std::vector<PackedFrame> before_skip_;
    Frames cross_from_ = 0;
    Frames cross_left_ = 0;
    Frame last_{};
    float gain_ = 0;
    std::uint64_t overtaken_ = 0;
};

} // namespace spicykvm::audio
