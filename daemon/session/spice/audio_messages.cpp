// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/audio_messages.h"

#include <algorithm>

namespace spicykvm::session {

namespace {

constexpr std::size_t kFrameBytes = 4;

template <typename T>
std::optional<T> if_ok(const ByteReader& reader, const T& value) noexcept {
    return reader.ok() ? std::optional(value) : std::nullopt;
}

} // namespace

// Braces evaluate from left to right: the fields are read in the order they have in the message.

std::optional<PlaybackData> PlaybackData::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    const std::uint32_t time = reader.u32();
    const PlaybackData data{time, reader.bytes(reader.remaining())};
    return data.samples.size() % kFrameBytes == 0 ? if_ok(reader, data) : std::nullopt;
}

std::optional<PlaybackMode> PlaybackMode::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    return if_ok(reader, PlaybackMode{reader.u32(), reader.u16()});
}

std::optional<PlaybackStart> PlaybackStart::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    return if_ok(reader, PlaybackStart{reader.u32(), reader.u16(), reader.u32(), reader.u32()});
}

std::optional<AudioVolume> AudioVolume::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    AudioVolume volume{};
    const std::size_t announced = reader.u8();
    for (std::size_t i = 0; i < announced; ++i) {
        const std::uint16_t value = reader.u16();
        if (i < kMaxChannels) {
            volume.values[volume.channels++] = value;
        }
    }
    return if_ok(reader, volume);
}

std::optional<AudioMute> AudioMute::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    return if_ok(reader, AudioMute{reader.u8() != 0});
}

std::optional<RecordStart> RecordStart::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    return if_ok(reader, RecordStart{reader.u32(), reader.u16(), reader.u32()});
}

std::array<std::uint8_t, 12> encode_record_mode(std::uint32_t time, std::uint16_t mode) noexcept {
    std::array<std::uint8_t, 12> message{};
    ByteWriter(message).u16(SPICE_MSGC_RECORD_MODE).u32(6).u32(time).u16(mode);
    return message;
}

std::array<std::uint8_t, 10> encode_record_start_mark(std::uint32_t time) noexcept {
    std::array<std::uint8_t, 10> message{};
    ByteWriter(message).u16(SPICE_MSGC_RECORD_START_MARK).u32(4).u32(time);
    return message;
}

ByteSpan RecordData::encode(std::uint32_t time, std::span<const std::uint32_t> frames) noexcept {
    const auto taken = frames.first(std::min(frames.size(), kMaxFrames));
    ByteWriter writer(buffer_);
    writer.u16(SPICE_MSGC_RECORD_DATA);
    writer.u32(static_cast<std::uint32_t>(4 + taken.size() * kFrameBytes)).u32(time);
    for (const std::uint32_t frame : taken) {
        writer.u32(frame);
    }
    return writer.written();
}

} // namespace spicykvm::session
