// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spicykvm::audio {

/// Counts and absolute positions of stereo frames at 48 kHz. A day is 4.1e9 of them, so positions
/// are integers; their fractions are kept apart.
using Frames = std::int64_t;
using Nanoseconds = std::chrono::nanoseconds;

/// What QEMU's SPICE audio always is: S16, two channels, 48 kHz, packets of 10 ms.
inline constexpr Frames kRate = 48000;
inline constexpr std::size_t kChannels = 2;
inline constexpr Frames kPacketFrames = 480;

/// A frame is 62500/3 ns. Rounded towards zero.
constexpr Nanoseconds duration_of(Frames frames) noexcept {
    return Nanoseconds(frames * 62500 / 3);
}

constexpr double frames_in(Nanoseconds duration) noexcept {
    return static_cast<double>(duration.count()) * (3.0 / 62500.0);
}

constexpr double seconds(Nanoseconds duration) noexcept {
    return static_cast<double>(duration.count()) * 1e-9;
}

} // namespace spicykvm::audio
