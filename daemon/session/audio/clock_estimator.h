// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <cstdint>

namespace spicykvm::audio {

/// The clock of a sound device, smoothed: a delay-locked loop over pairs of time and driver ticks.
/// Wake-ups are late by up to milliseconds, the quartz behind them drifts by parts per million; the
/// loop's bandwidth tells them apart. It begins wide and narrows to kBandwidthHz in some seconds.
class ClockEstimator {
  public:
    static constexpr double kBandwidthHz = 0.05;
    static constexpr double kFirstBandwidthHz = 0.5;
    /// A single late wake-up moves the loop by no more than this.
    static constexpr Nanoseconds kMaxError{1'000'000};
    /// So many errors above kMaxError in a row, and the device did jump: an xrun, another sink.
    static constexpr unsigned kErrorsOfJump = 8;
    /// Nominal rates are kept that far; more is a broken clock.
    static constexpr double kMaxDeviation = 0.01;

    /// `ticks`: the driver's position in frames of `tick_rate` (Hz, not 0). The same ticks again
    /// are a second request within one cycle. Returns the smoothed time of this cycle.
    TimePoint update(TimePoint now, Frames ticks, std::uint32_t tick_rate) noexcept;

    /// Ticks per nominal tick, by CLOCK_MONOTONIC: 1.0001 for a device 100 ppm fast.
    [[nodiscard]] double rate() const noexcept { return nominal_period_ / period_; }

    void reset() noexcept { *this = ClockEstimator{}; }
    /// How often it began anew because the device jumped.
    [[nodiscard]] unsigned jumps() const noexcept { return jumps_; }

  private:
    void begin(TimePoint now, Frames ticks, std::uint32_t tick_rate) noexcept;
    void correct(double error, double cycle) noexcept;

    bool running_ = false;
    TimePoint time_;
    Frames ticks_ = 0;
    std::uint32_t tick_rate_ = 0;
    double nominal_period_ = 1; ///< ns
    double period_ = 1;         ///< ns per tick
    double age_ = 0;            ///< s
    double remainder_ = 0;      ///< of time_, below 1 ns
    unsigned errors_ = 0;
    unsigned jumps_ = 0;
};

} // namespace spicykvm::audio
