// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/core_player.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::sim {

namespace {

audio::TargetPolicy::Settings settings_of(const Scenario& scenario) {
    audio::TargetPolicy::Settings settings;
    settings.prior = Nanoseconds(static_cast<std::int64_t>(scenario.prior_ms * 1e6));
    return settings;
}

} // namespace

CorePlayer::CorePlayer(const Scenario& scenario) : CorePlayer(settings_of(scenario)) {}

void CorePlayer::receive(const Message& message) {
    switch (message.kind) {
    case Message::Kind::Start:
        arrivals_.on_start({2, 1, 48000, message.stamp_ms});
        break;
    case Message::Kind::Data:
        (void)arrivals_.on_packet(message.time, message.stamp_ms, audio::kPacketFrames);
        break;
    case Message::Kind::Stop:
        (void)arrivals_.on_stop();
        break;
    }
}

Outcome CorePlayer::pull(const audio::Pull& pull) {
    const audio::Timeline& timeline = arrivals_.timeline();
    const audio::Plan plan = playout_.next(pull, timeline, arrivals_.end());
    check(pull, plan);
    // Frames that were made up for lost ones are in these positions, but were never sent.
    const auto made_up = static_cast<double>(arrivals_.counters().lost);
    return {static_cast<double>(plan.from + plan.feed) - made_up, plan.step, plan.sounds(),
            plan.starved, static_cast<double>(timeline.delay.count()) * 1e-6};
}

void CorePlayer::broken(const char* what) {
    if (violation_.empty()) {
        violation_ = what;
    }
}

void CorePlayer::check(const audio::Pull& pull, const audio::Plan& plan) {
    using audio::RateControl;
    constexpr double rounding = 1e-12;
    if (std::abs(plan.step - 1) > RateControl::kMaxDeviation + rounding) {
        broken("the ratio is out of its bounds");
    }
    if (std::abs(plan.step - last_step_) > RateControl::kMaxStep + rounding) {
        broken("the ratio steps");
    }
    last_step_ = plan.step;
    const double error =
        static_cast<double>(plan.feed) - static_cast<double>(pull.frames) * plan.step;
    if (std::abs(error) >= 1) {
        broken("the request and its input do not match");
    }
    if (!plan.sounds()) {
        quiet_ = (quiet_ == kSounding ? 0 : quiet_) + plan.feed;
        return;
    }
    if (quiet_ < audio::Playout::kFade) {
        broken("the sound resumes within its fade");
    }
    if (plan.end > arrivals_.end()) {
        broken("frames are read that were not written");
    }
    if (std::max(plan.from, plan.begin) < read_end_ ||
        (quiet_ == kSounding && plan.skipped == 0 && plan.from != read_end_) ||
        (plan.skipped != 0 && plan.from - plan.skipped != read_end_)) {
        broken("frames are out of order");
    }
    const audio::Frames stop = plan.from + plan.feed;
    read_end_ = std::min(stop, std::max(plan.end, read_end_));
    quiet_ = stop <= plan.end ? kSounding : stop - plan.fade_from;
    if (stop > plan.end && plan.fade_from > plan.end) {
        broken("a fade begins where nothing is");
    }
}

} // namespace spicykvm::sim
