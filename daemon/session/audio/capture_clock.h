// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/clock_estimator.h"
#include "session/audio/playout.h"
#include "session/audio/rate_control.h"

namespace spicykvm::audio {

/// What becomes of a block that a capture device delivers.
struct Intake {
    double step = 1;   ///< input frames per output frame
    Frames output = 0; ///< frames at 48 kHz of CLOCK_MONOTONIC
    Frames gap = 0;    ///< silence to come first: cycles were missed
    bool drop = false; ///< the device ran ahead: the output is not to be used
};

/// Paces a microphone by CLOCK_MONOTONIC, as QEMU reads it: 48000 frames a second whatever the
/// device's quartz does. Decisions of the device thread, without samples.
class CaptureClock {
  public:
    /// More is no matter of the rate.
    static constexpr Frames kJump = 192;

    /// `block.frames`: delivered, ending at `block.now`.
    Intake next(const Pull& block) noexcept;
    [[nodiscard]] const ClockEstimator& clock() const noexcept { return clock_; }
    /// Input frames per output frame, lately.
    [[nodiscard]] double ratio() const noexcept { return rate_.ratio(); }

  private:
    ClockEstimator clock_;
    RateControl rate_;
    bool begun_ = false;
    TimePoint begin_; ///< of the output's frame 0
    TimePoint last_;
    Frames written_ = 0;
    double carry_ = 0; ///< input frames that were delivered and not used, in [0, step)
};

} // namespace spicykvm::audio
