// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/playback.h"

#include <algorithm>
#include <array>

namespace spicykvm::audio {

namespace {

constexpr std::size_t kFrameBytes = kChannels * sizeof(std::int16_t);

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
    shared_.ring.write_silence(missing);
    append(payload);
    shared_.timeline.store(arrivals_.timeline());
}

void PlaybackSource::on_stop() noexcept {
    if (arrivals_.on_stop()) {
        shared_.timeline.store(arrivals_.timeline());
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
        shared_.ring.write(std::span(frames).first(count));
        payload = payload.subspan(count * kFrameBytes);
    }
}

void PlaybackSource::on_volume(std::span<const std::uint16_t> volumes) noexcept {
    if (volumes.empty()) {
        return;
    }
    volume_ = {amplitude_of(law_, volumes.front()),
               amplitude_of(law_, volumes.size() > 1 ? volumes[1] : volumes.front())};
    publish_gain();
}

void PlaybackSource::on_mute(bool mute) noexcept {
    mute_ = mute;
    publish_gain();
}

void PlaybackSource::publish_gain() noexcept {
    const bool silent = mute_ && law_ != VolumeLaw::Ignore;
    shared_.guest.set(silent ? StereoGain{0, 0} : volume_);
}

} // namespace spicykvm::audio
