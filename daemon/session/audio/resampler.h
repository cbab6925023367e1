// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <memory>
#include <span>
#include <vector>

struct SRC_STATE_tag;

namespace spicykvm::audio {

/// Where the resampler is in its input: whole frames are told as they are passed, the rest is kept.
class Phase {
  public:
    /// How many input frames the next `output` frames take, at `step` input frames each.
    Frames advance(Frames output, double step) noexcept;
    /// The same, with its fraction, without going there.
    [[nodiscard]] double after(Frames output, double step) const noexcept {
        return fraction_ + static_cast<double>(output) * step;
    }

  private:
    double fraction_ = 0; ///< in [0, 1)
};

/// libsamplerate's sinc resampler for ratios near 1, with an exact position: if it is fed what
/// Phase says, frame k of the output is frame `k steps - kHeld` of the input. Allocates in the
/// constructor only.
class Resampler {
  public:
    /// The filter looks so far ahead of what it gives (0.5 ms).
    static constexpr Frames kHeld = 22;
    /// Of input or output, in one call: PipeWire's largest quantum (8192) in a graph at 44.1 kHz,
    /// and more.
    static constexpr Frames kMaxFrames = 16384;

    /// Throws std::bad_alloc.
    Resampler();

    /// Interleaved; each at most kMaxFrames long. False if libsamplerate gave too little, which it
    /// does not when fed by Phase; the rest is silence then.
    bool process(std::span<const float> input, std::span<float> output, double step) noexcept;

    /// Forgets what it holds: silence comes first again.
    void reset() noexcept;

  private:
    struct Delete {
        void operator()(SRC_STATE_tag* state) const noexcept;
    };
    std::unique_ptr<SRC_STATE_tag, Delete> state_;
    std::vector<float> staging_; ///< input that was not taken yet
    std::size_t staged_ = 0;
};

} // namespace spicykvm::audio
