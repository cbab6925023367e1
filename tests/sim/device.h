// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/playout.h"
#include "sim/random.h"
#include "sim/scenario.h"

namespace spicykvm::sim {

/// A sound device's cycles: a clock of its own, wake-ups that are late, quanta that change.
class Device {
  public:
    Device(const Scenario& scenario, TimePoint begin);

    /// The request that comes next; its `now` is when the callback runs.
    [[nodiscard]] const audio::Pull& next() const noexcept { return pull_; }
    /// When the cycle really began: `now` without jitter.
    [[nodiscard]] TimePoint true_time() const noexcept { return true_time_; }
    /// The device's frames per frame of CLOCK_MONOTONIC.
    [[nodiscard]] double rate() const noexcept { return rate_; }

    void advance();

  private:
    void request();
    [[nodiscard]] double elapsed() const noexcept;

    const Scenario& scenario_;
    Random random_;
    TimePoint begin_;
    TimePoint true_time_;
    double rate_ = 1;
    double remainder_ = 0; ///< ns
    double ticks_ = 0;
    double asked_ = 0; ///< frames at 48 kHz
    std::size_t quantum_ = 0;
    double next_change_;
    audio::Pull pull_;
};

} // namespace spicykvm::sim
