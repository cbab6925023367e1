// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/feed.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::audio {

namespace {

constexpr float kFadeStep = 1.0F / static_cast<float>(Playout::kFade);

std::array<float, kChannels> to_float(PackedFrame frame) noexcept {
    constexpr float scale = 1.0F / 32768;
    return {static_cast<float>(left_of(frame)) * scale,
            static_cast<float>(right_of(frame)) * scale};
}

} // namespace

Feed::Feed()
    : frames_(static_cast<std::size_t>(kMaxFrames)),
      before_skip_(static_cast<std::size_t>(Playout::kCrossFade)) {}

void Feed::render(const SampleRing& ring, const Plan& plan, std::span<float> frames) noexcept {
    const std::size_t count = std::min(frames_.size(), frames.size() / kChannels);
    if (plan.sounds()) {
        overtaken_ += ring.read(plan.from, std::span(frames_).first(count)) ? 0 : 1;
    }
    if (plan.skipped > 0) {
        cross_from_ = plan.from - plan.skipped;
        cross_left_ = Playout::kCrossFade;
    }
    if (cross_left_ > 0) {
        const auto wanted = static_cast<std::size_t>(cross_left_);
        const auto old = std::span(before_skip_).first(std::min(wanted, count));
        overtaken_ += ring.read(cross_from_, old) ? 0 : 1;
        cross_from_ += static_cast<Frames>(old.size());
    }
    for (std::size_t i = 0; i < count; ++i) {
        const Frame frame = faded(plan, plan.from + static_cast<Frames>(i), i);
        frames[i * kChannels] = frame[0];
        frames[i * kChannels + 1] = frame[1];
    }
}

Feed::Frame Feed::source(std::size_t index) noexcept {
    Frame frame = to_float(frames_[index]);
    if (cross_left_ > 0) {
        const float old = static_cast<float>(cross_left_) / static_cast<float>(Playout::kCrossFade);
        const Frame before = to_float(before_skip_[index]);
        for (std::size_t channel = 0; channel < kChannels; ++channel) {
            frame[channel] += (before[channel] - frame[channel]) * old;
        }
        --cross_left_;
    }
    return frame;
}

Feed::Frame Feed::faded(const Plan& plan, Frames position, std::size_t index) noexcept {
    const bool is_there = position >= plan.begin && position < plan.end;
    if (is_there) {
        last_ = source(index);
    }
    if (!is_there || position >= plan.fade_from) {
        gain_ = std::max(0.0F, gain_ - kFadeStep);
    } else if (gain_ == 0 && std::max(std::abs(last_[0]), std::abs(last_[1])) < kQuiet) {
        gain_ = 1;
    } else {
        gain_ = std::min(1.0F, gain_ + kFadeStep);
    }
    return {last_[0] * gain_, last_[1] * gain_};
}

} // namespace spicykvm::audio
