// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/clock_estimator.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace spicykvm::audio {

TimePoint ClockEstimator::update(TimePoint now, Frames ticks, std::uint32_t tick_rate) noexcept {
    const Frames advance = ticks - ticks_;
    if (!running_ || tick_rate != tick_rate_ || advance < 0 || advance > Frames{tick_rate}) {
        begin(now, ticks, tick_rate);
        return time_;
    }
    if (advance == 0) {
        return time_;
    }
    const double cycle = static_cast<double>(advance) * period_ + remainder_;
    const auto whole = std::floor(cycle);
    remainder_ = cycle - whole;
    time_ += Nanoseconds(static_cast<std::int64_t>(whole));
    ticks_ = ticks;
    const double error = static_cast<double>((now - time_).count()) - remainder_;
    constexpr auto limit = static_cast<double>(kMaxError.count());
    errors_ = std::abs(error) > limit ? errors_ + 1 : 0;
    if (errors_ >= kErrorsOfJump) {
        begin(now, ticks, tick_rate);
        ++jumps_;
        return time_;
    }
    correct(std::clamp(error, -limit, limit), static_cast<double>(advance));
    return time_;
}

void ClockEstimator::begin(TimePoint now, Frames ticks, std::uint32_t tick_rate) noexcept {
    const double nominal = 1e9 / tick_rate;
    if (!running_ || tick_rate != tick_rate_) {
        period_ = nominal;
    }
    nominal_period_ = nominal;
    running_ = true;
    time_ = now;
    ticks_ = ticks;
    tick_rate_ = tick_rate;
    age_ = remainder_ = 0;
    errors_ = 0;
}

void ClockEstimator::correct(double error, double cycle) noexcept {
    const double duration = cycle * period_ * 1e-9;
    age_ += duration;
    // A gain that falls with age averages over all there is so far.
    const double bandwidth = std::max(kBandwidthHz, kFirstBandwidthHz / std::max(age_, 1.0));
    const double w = std::min(2 * std::numbers::pi * bandwidth * duration, 0.5);
    remainder_ += std::numbers::sqrt2 * w * error;
    period_ += w * w * error / cycle;
    period_ = std::clamp(period_, nominal_period_ * (1 - kMaxDeviation),
                         nominal_period_ * (1 + kMaxDeviation));
}

} // namespace spicykvm::audio
