// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

namespace spicykvm::audio {

/// How many source frames go into a device frame. The clocks' rates are known beforehand (feed
/// forward, see ClockEstimator and SourceAnchor); what is left is to remove the error of the
/// position, slowly: proportional, with no integral part, as the estimators have one each.
class RateControl {
  public:
    static constexpr double kGain = 0.25;          ///< of the error is removed per second
    static constexpr double kMaxDeviation = 0.005; ///< 9 cents
    static constexpr double kMaxSlew = 0.002;      ///< per second
    static constexpr double kMaxStep = 50e-6;      ///< per call

    /// `behind`: by how many frames too little was read. `feed_forward`: the ratio of the rates.
    /// `cycle_seconds`: since the last call.
    double step(double behind, double feed_forward, double cycle_seconds) noexcept;
    [[nodiscard]] double ratio() const noexcept { return ratio_; }

  private:
    double ratio_ = 1;
};

} // namespace spicykvm::audio
