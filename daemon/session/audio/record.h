// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/capture_clock.h"
#include "session/audio/gain.h"
#include "session/audio/resampler.h"
#include "session/audio/sample_ring.h"

#include <atomic>
#include <span>
#include <vector>

namespace spicykvm::audio {

/// What the device thread and the sending thread of a microphone share.
struct RecordShared {
    SampleRing ring;
    SharedGain guest;               ///< what the guest's mixer says of its input
    std::atomic<Frames> quantum{0}; ///< of the last block
};

/// The half on the device thread: no allocation, lock, log or system call.
class RecordCapture {
  public:
    /// Throws std::bad_alloc.
    explicit RecordCapture(RecordShared& shared);

    /// `input`: interleaved, `block.frames` of them, at most Resampler::kMaxFrames less a few; the
    /// rest is dropped. A mono microphone is doubled by the caller.
    void push(const Pull& block, std::span<const float> input) noexcept;

    [[nodiscard]] const CaptureClock& clock() const noexcept { return clock_; }
    [[nodiscard]] std::uint64_t faults() const noexcept { return faults_; }

  private:
    static constexpr Frames kMaxBlock = Resampler::kMaxFrames * 99 / 100;

    RecordShared& shared_;
    CaptureClock clock_;
    Resampler resampler_;
    GainRamp guest_;
    GainRamp restart_{{0, 0}}; ///< fades in what follows a cut
    std::vector<float> output_;
    std::vector<PackedFrame> packed_;
    std::uint64_t faults_ = 0;
};

} // namespace spicykvm::audio
