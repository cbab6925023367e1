// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/record.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::audio {

namespace {

std::int16_t to_s16(float sample) noexcept {
    if (std::isnan(sample)) {
        return 0;
    }
    return static_cast<std::int16_t>(
        std::lrintf(std::clamp(sample * 32768.0F, -32768.0F, 32767.0F)));
}

} // namespace

RecordCapture::RecordCapture(RecordShared& shared)
    : shared_(shared), guest_(shared.guest.get()),
      output_(static_cast<std::size_t>(Resampler::kMaxFrames) * kChannels),
      packed_(static_cast<std::size_t>(Resampler::kMaxFrames)) {}

void RecordCapture::push(const Pull& block, std::span<const float> input) noexcept {
    Pull taken = block;
    taken.frames = std::clamp<Frames>(std::min(block.frames, kMaxBlock), 0,
                                      static_cast<Frames>(input.size() / kChannels));
    const Intake intake = clock_.next(taken);
    shared_.quantum.store(taken.frames, std::memory_order_relaxed);

    const auto count = static_cast<std::size_t>(intake.output);
    const auto output = std::span(output_).first(count * kChannels);
    const auto used = input.first(static_cast<std::size_t>(taken.frames) * kChannels);
    faults_ += resampler_.process(used, output, intake.step) ? 0 : 1;
    if (intake.drop || intake.gap > 0) {
        restart_ = GainRamp({0, 0});
    }
    shared_.ring.write_silence(intake.gap);
    if (intake.drop) {
        return;
    }
    guest_.set_target(shared_.guest.get());
    guest_.apply(output);
    restart_.set_target({1, 1});
    restart_.apply(output);
    for (std::size_t i = 0; i < count; ++i) {
        packed_[i] = pack(to_s16(output[i * kChannels]), to_s16(output[i * kChannels + 1]));
    }
    shared_.ring.write(std::span(packed_).first(count));
}

} // namespace spicykvm::audio
