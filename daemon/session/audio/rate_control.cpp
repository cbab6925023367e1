// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/rate_control.h"

#include <algorithm>

namespace spicykvm::audio {

double RateControl::step(double behind, double feed_forward, double cycle_seconds) noexcept {
    const double wanted = feed_forward + kGain * behind / static_cast<double>(kRate);
    const double limit = std::min(kMaxSlew * cycle_seconds, kMaxStep);
    ratio_ += std::clamp(wanted - ratio_, -limit, limit);
    ratio_ = std::clamp(ratio_, 1 - kMaxDeviation, 1 + kMaxDeviation);
    return ratio_;
}

} // namespace spicykvm::audio
