// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <spice/enums.h>

namespace spicykvm::session {

// The bodies of the playback and the record channel. All parsers are total; more bytes than a
// message needs are ignored, as newer servers may send them. `time` is the server's CLOCK_MONOTONIC
// in ms, modulo 2^32.

// Server to client, playback.

/// | time u32 | S16LE, interleaved ... |
struct PlaybackData {
    std::uint32_t time;
    ByteSpan samples;
    static std::optional<PlaybackData> parse(ByteSpan body) noexcept;
};

/// | time u32 | mode u16 |
struct PlaybackMode {
    std::uint32_t time;
    std::uint16_t mode; ///< SPICE_AUDIO_DATA_MODE_*
    static std::optional<PlaybackMode> parse(ByteSpan body) noexcept;
};

/// | channels u32 | format u16 | frequency u32 | time u32 |
struct PlaybackStart {
    std::uint32_t channels;
    std::uint16_t format; ///< SPICE_AUDIO_FMT_*
    std::uint32_t frequency;
    std::uint32_t time;
    static std::optional<PlaybackStart> parse(ByteSpan body) noexcept;
};

// Server to client, both channels.

/// | channels u8 | so many times: volume u16 |
struct AudioVolume {
    static constexpr std::size_t kMaxChannels = 8; ///< of more only the first ones are kept
    std::size_t channels;
    std::array<std::uint16_t, kMaxChannels> values;

    [[nodiscard]] std::span<const std::uint16_t> get() const noexcept {
        return std::span(values).first(channels);
    }
    static std::optional<AudioVolume> parse(ByteSpan body) noexcept;
};

/// | mute u8 |
struct AudioMute {
    bool mute;
    static std::optional<AudioMute> parse(ByteSpan body) noexcept;
};

// Server to client, record.

/// | channels u32 | format u16 | frequency u32 |
struct RecordStart {
    std::uint32_t channels;
    std::uint16_t format;
    std::uint32_t frequency;
    static std::optional<RecordStart> parse(ByteSpan body) noexcept;
};

// Client to server, record: whole messages with their headers | type u16 | size of the body u32 |.

/// | time u32 | mode u16 |
[[nodiscard]] std::array<std::uint8_t, 12> encode_record_mode(std::uint32_t time,
                                                              std::uint16_t mode) noexcept;
/// | time u32 |
[[nodiscard]] std::array<std::uint8_t, 10> encode_record_start_mark(std::uint32_t time) noexcept;

/// A packet of the microphone, in a buffer of its own.
///
///     | time u32 | S16LE, left and right ... |
class RecordData {
  public:
    /// Larger ones the server copies to the heap.
    static constexpr std::size_t kMaxFrames = 480;

    /// `frames`: left channel in the lower half; at most kMaxFrames, the rest is left out. The
    /// bytes hold until the next call.
    ByteSpan encode(std::uint32_t time, std::span<const std::uint32_t> frames) noexcept;

  private:
    std::array<std::uint8_t, 6 + 4 + kMaxFrames * 4> buffer_;
};

} // namespace spicykvm::session
