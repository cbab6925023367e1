// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/target_policy.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::audio {

void TargetPolicy::restart() noexcept {
    group_size_ = 0;
    window_packets_ = 0;
    previous_latest_ = Nanoseconds::zero();
}

Nanoseconds TargetPolicy::on_packet(TimePoint arrival, Nanoseconds lateness) noexcept {
    if (!begun_) {
        begun_ = true;
        learned_at_ = recent_since_ = forgiven_at_ = arrival;
        recent_ = {jitter_, jitter_};
    }
    if (group_size_ > 0 && arrival - group_last_ >= kTogether) {
        close_group(arrival);
    }
    Nanoseconds all_late{};
    if (window_packets_ >= kMinPacketsOfWindow && arrival - window_since_ >= kWindow) {
        all_late = close_window(arrival);
        lateness -= all_late;
    }
    if (window_packets_ == 0) {
        window_since_ = arrival;
        window_earliest_ = lateness;
        window_latest_ = Nanoseconds::zero();
    }
    ++window_packets_;
    window_earliest_ = std::min(window_earliest_, lateness);
    group_latest_ = group_size_ == 0 ? lateness : std::max(group_latest_, lateness);
    group_last_ = arrival;
    ++group_size_;
    return all_late;
}

void TargetPolicy::close_group(TimePoint now) noexcept {
    const bool stall = group_latest_ > kStall || group_size_ >= kBurst;
    group_size_ = 0;
    if (stall && forgive(now)) {
        ++stalls_;
        return;
    }
    window_latest_ = std::max(window_latest_, group_latest_);
}

bool TargetPolicy::forgive(TimePoint now) noexcept {
    const double earned = seconds(now - forgiven_at_) / seconds(kForgiveEvery);
    forgiveness_ = std::min(kForgiven, forgiveness_ + earned);
    forgiven_at_ = now;
    if (forgiveness_ < 1) {
        return false;
    }
    forgiveness_ -= 1;
    return true;
}

Nanoseconds TargetPolicy::close_window(TimePoint now) noexcept {
    window_packets_ = 0;
    if (window_earliest_ >= kLost) {
        group_size_ = 0;
        previous_latest_ = Nanoseconds::zero();
        return window_earliest_;
    }
    learn(now, std::min(previous_latest_, kCap));
    previous_latest_ = window_latest_;
    return Nanoseconds::zero();
}

void TargetPolicy::learn(TimePoint now, Nanoseconds lateness) noexcept {
    if (now - recent_since_ >= kRecent) {
        recent_ = {Nanoseconds::zero(), recent_[0]};
        recent_since_ = now;
    }
    recent_[0] = std::max(recent_[0], lateness);
    const Nanoseconds floor = std::max(recent_[0], recent_[1]);
    const double kept = std::exp2(-seconds(now - learned_at_) / seconds(settings_.half_life));
    const double above = static_cast<double>((jitter_ - floor).count()) * kept;
    jitter_ = floor + Nanoseconds(std::max<std::int64_t>(0, std::llround(above)));
    learned_at_ = now;
}

} // namespace spicykvm::audio
