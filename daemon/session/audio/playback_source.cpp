// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/playback.h"

#include <algorithm>
#include <array>

namespace spicykvm::audio {

namespace {

constexpr std::size_t kFrameBytes = kChannels * sizeof(std::int16_t);

/// By so many parts of Playout::kFade.
PackedFrame scaled(PackedFrame frame, Frames parts) noexcept {
    const auto scale = [parts](std::int16_t value) {
        return static_cast<std::int16_t>(value * parts / Playout::kFade);
    };
    return pack(scale(left_of(frame)), scale(right_of(frame)));
}

std::int16_t sample(const std::uint8_t* bytes) noexcept {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8));
}

} // namespace

bool PlaybackSource::on_start(const StreamFormat& format) noexcept {
    on_stop();
    return arrivals_.on_start(format);
}

void PlaybackSource::on_data(TimePoint arrival, std::uint32_t time,
                             std::span<const std::uint8_t> payload) noexcept {
    const auto frames = static_cast<Frames>(payload.size() / kFrameBytes);
    const Frames missing = arrivals_.on_packet(arrival, time, frames);
    if (missing < 0) {
        return;
    }
    make_up(missing);
    append(payload);
    shared_.timeline.store(arrivals_.timeline());
}

void PlaybackSource::on_stop() noexcept {
    if (arrivals_.on_stop()) {
        shared_.timeline.store(arrivals_.timeline());
    }
}

/// Silence with soft edges: the last frame fades out, the next ones fade in.
void PlaybackSource::make_up(Frames missing) noexcept {
    if (missing == 0) {
        return;
    }
    std::array<PackedFrame, Playout::kFade> fade{};
    static_assert(Playout::kFade <= kPacketFrames);
    for (std::size_t i = 0; i < fade.size(); ++i) {
        fade[i] = scaled(last_, static_cast<Frames>(fade.size() - i));
    }
    shared_.ring.write(fade);
    shared_.ring.write_silence(missing - Playout::kFade);
    fade_left_ = Playout::kFade;
}

void PlaybackSource::fade_in(std::span<PackedFrame> frames) noexcept {
    for (PackedFrame& frame : frames) {
        if (fade_left_ == 0) {
            return;
        }
        frame = scaled(frame, Playout::kFade - fade_left_--);
    }
}

void PlaybackSource::append(std::span<const std::uint8_t> payload) noexcept {
    std::array<PackedFrame, kPacketFrames> frames;
    while (payload.size() >= kFrameBytes) {
        const std::size_t count = std::min(payload.size() / kFrameBytes, frames.size());
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint8_t* bytes = &payload[i * kFrameBytes];
            frames[i] = pack(sample(bytes), sample(bytes + sizeof(std::int16_t)));
        }
        last_ = frames[count - 1];
        fade_in(std::span(frames).first(count));
        shared_.ring.write(std::span(frames).first(count));
        payload = payload.subspan(count * kFrameBytes);
    }
}

void PlaybackSource::on_volume(std::span<const std::uint16_t> volumes) noexcept {
    mixer_.set_volumes(volumes);
    shared_.guest.set(mixer_.gain());
}

void PlaybackSource::on_mute(bool mute) noexcept {
    mixer_.set_mute(mute);
    shared_.guest.set(mixer_.gain());
}

} // namespace spicykvm::audio
