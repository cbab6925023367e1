// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/capture_clock.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::audio {

Intake CaptureClock::next(const Pull& block) noexcept {
    const TimePoint time = clock_.update(block.now, block.ticks, block.tick_rate);
    if (!begun_) {
        begun_ = true;
        begin_ = time - duration_of(block.frames);
        last_ = time;
    }
    const double cycle = std::clamp(seconds(time - last_), 0.0, 1.0);
    last_ = time;

    Intake intake;
    const double due = frames_in(time - begin_);
    const auto ready = [&] { return carry_ + static_cast<double>(block.frames); };
    double behind = due - (static_cast<double>(written_) + ready() / rate_.ratio());
    if (behind > static_cast<double>(kJump)) {
        intake.gap = static_cast<Frames>(behind);
        written_ += intake.gap;
        behind = 0;
    }
    intake.drop = behind < -static_cast<double>(kJump);
    // Too little was written: fewer input frames are to make an output frame.
    intake.step = rate_.step(intake.drop ? 0 : -behind, clock_.rate(), cycle);
    intake.output = static_cast<Frames>(std::floor(ready() / intake.step));
    carry_ = ready() - static_cast<double>(intake.output) * intake.step;
    written_ += intake.drop ? 0 : intake.output;
    return intake;
}

} // namespace spicykvm::audio
