// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace spicykvm::audio {

/// One stereo frame of S16, left in the lower half: so a frame is read whole or not at all.
using PackedFrame = std::uint32_t;

constexpr PackedFrame pack(std::int16_t left, std::int16_t right) noexcept {
    return static_cast<std::uint16_t>(left) |
           static_cast<PackedFrame>(static_cast<std::uint16_t>(right)) << 16U;
}
constexpr std::int16_t left_of(PackedFrame frame) noexcept {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(frame));
}
constexpr std::int16_t right_of(PackedFrame frame) noexcept {
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(frame >> 16U));
}

/// The last kCapacity frames of a stream, by absolute position, from one writing thread to one
/// reading thread. Wait-free: the writer overwrites what is old, whether it was read or not; the
/// reader goes where it likes and gets silence where nothing is (any more).
class SampleRing {
  public:
    static constexpr Frames kCapacity = 32768; ///< 0.68 s; a power of two

    SampleRing() : slots_(static_cast<std::size_t>(kCapacity)) {}

    /// Writing thread: appends.
    void write(std::span<const PackedFrame> frames) noexcept;
    /// Writing thread: appends silence. However much it is, it costs at most kCapacity writes.
    void write_silence(Frames frames) noexcept;

    /// One past the last frame written; starts at 0. What is below can be read.
    [[nodiscard]] Frames end() const noexcept { return end_.load(std::memory_order_acquire); }

    /// Reading thread: the frames from `position`. False if the writer overtook the reading: then
    /// some frames may be newer ones.
    bool read(Frames position, std::span<PackedFrame> frames) const noexcept;

  private:
    [[nodiscard]] static std::size_t slot(Frames position) noexcept {
        return static_cast<std::size_t>(position & (kCapacity - 1));
    }

    std::vector<std::atomic<PackedFrame>> slots_;
    alignas(64) std::atomic<Frames> end_{0};
    /// Where the writer may be writing: up to here. Told before the slots change.
    alignas(64) std::atomic<Frames> writing_{0};
};

} // namespace spicykvm::audio
