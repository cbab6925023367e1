// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/cycle_meter.h"

namespace spicykvm::session {

using audio::Frames;
using audio::kRate;

audio::Pull CycleMeter::request(const GraphTime& time, TimePoint woken, Frames frames) noexcept {
    const auto off = woken - time.now;
    if (time.rate == 0 || off > kSameClock || off < -kSameClock) {
        const audio::Pull pull{woken, own_ticks_, static_cast<std::uint32_t>(kRate), frames};
        own_ticks_ += frames;
        last_ = {};
        quantum_ = frames;
        return pull;
    }
    if (time.ticks != last_.ticks || time.rate != last_.rate) {
        follow(time);
        lateness_.add(woken, off);
        requested_ = 0;
    }
    last_ = time;
    requested_ += frames;
    return {time.now, time.ticks, time.rate, frames};
}

void CycleMeter::follow(const GraphTime& time) noexcept {
    const Frames advance = time.ticks - last_.ticks;
    if (time.rate != last_.rate || advance < 0 || advance > Frames{time.rate} || requested_ == 0) {
        return; // another driver, or one that stood still: it begins anew
    }
    // A cycle asks for as much as it lasts; the first one of a resampler, for a little more.
    const Frames lasted = advance * kRate / time.rate;
    if (2 * lasted > 3 * requested_) {
        gaps_ += static_cast<std::uint64_t>((lasted + requested_ / 2) / requested_ - 1);
    } else {
        quantum_ = lasted;
    }
}

} // namespace spicykvm::session
