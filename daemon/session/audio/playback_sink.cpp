// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/playback.h"

#include <algorithm>

namespace spicykvm::audio {

PlaybackSink::PlaybackSink(PlaybackShared& shared)
    : shared_(shared), guest_(shared.guest.get()), focus_(shared.focus.get()),
      input_(static_cast<std::size_t>(Resampler::kMaxFrames) * kChannels) {}

Nanoseconds PlaybackSink::delay() const noexcept {
    return timeline_.delay + duration_of(static_cast<Frames>(playout_.behind()));
}

Frames PlaybackSink::pull(const Pull& pull, std::span<float> output) noexcept {
    Pull granted = pull;
    const auto room = static_cast<Frames>(output.size() / kChannels);
    granted.frames = std::clamp<Frames>(pull.frames, 0, std::min(room, kMaxPull));
    (void)shared_.timeline.load(timeline_); // a write is under way: the last one will do
    const Plan plan = playout_.next(granted, timeline_, shared_.ring.end());

    const auto input = std::span(input_).first(static_cast<std::size_t>(plan.feed) * kChannels);
    feed_.render(shared_.ring, plan, input);
    const auto filled = output.first(static_cast<std::size_t>(granted.frames) * kChannels);
    faults_ += resampler_.process(input, filled, plan.step) ? 0 : 1;
    guest_.set_target(shared_.guest.get());
    guest_.apply(filled);
    focus_.set_target(shared_.focus.get());
    focus_.apply(filled);
    return granted.frames;
}

} // namespace spicykvm::audio
