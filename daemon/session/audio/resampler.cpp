// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/resampler.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <samplerate.h>

namespace spicykvm::audio {

Frames Phase::advance(Frames output, double step) noexcept {
    const double position = after(output, step);
    const double whole = std::floor(position);
    fraction_ = position - whole;
    return static_cast<Frames>(whole);
}

Resampler::Resampler()
    : state_(src_new(SRC_SINC_FASTEST, static_cast<int>(kChannels), nullptr)),
      staging_(static_cast<std::size_t>(2 * kMaxFrames) * kChannels) {
    if (!state_) {
        throw std::bad_alloc();
    }
    reset();
}

void Resampler::Delete::operator()(SRC_STATE_tag* state) const noexcept {
    src_delete(state);
}

void Resampler::reset() noexcept {
    src_reset(state_.get());
    staged_ = static_cast<std::size_t>(kHeld) * kChannels;
    std::fill_n(staging_.begin(), staged_, 0.0F);
}

bool Resampler::process(std::span<const float> input, std::span<float> output,
                        double step) noexcept {
    const std::size_t room = std::min(input.size(), staging_.size() - staged_);
    std::copy_n(input.begin(), room, staging_.begin() + static_cast<std::ptrdiff_t>(staged_));
    staged_ += room;

    // Without this it would glide from the last ratio to this one, and the position be unknown.
    src_set_ratio(state_.get(), 1 / step);
    SRC_DATA data{};
    data.data_in = staging_.data();
    data.input_frames = static_cast<long>(staged_ / kChannels);
    data.data_out = output.data();
    data.output_frames = static_cast<long>(output.size() / kChannels);
    data.src_ratio = 1 / step;
    const bool done = src_process(state_.get(), &data) == 0;
    const auto used = static_cast<std::size_t>(data.input_frames_used) * kChannels;
    const auto made = static_cast<std::size_t>(data.output_frames_gen) * kChannels;
    std::copy(staging_.begin() + static_cast<std::ptrdiff_t>(used),
              staging_.begin() + static_cast<std::ptrdiff_t>(staged_), staging_.begin());
    staged_ -= used;
    std::fill(output.begin() + static_cast<std::ptrdiff_t>(made), output.end(), 0.0F);
    return done && made == output.size();
}

} // namespace spicykvm::audio
