// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace spicykvm::audio {

/// What a guest's volume stands for, as VOLUME messages carry it (0..65535).
enum class VolumeLaw {
    Hda,    ///< QEMU's HDA codec: 75 steps of 1 dB, the lowest one silent
    Ac97,   ///< 32 steps of 1.5 dB, the lowest one silent
    Cubic,  ///< as PulseAudio's sliders
    Linear, ///< as QEMU's own mixer
    Ignore, ///< always full
};

/// Amplitude, 0..1.
[[nodiscard]] float amplitude_of(VolumeLaw law, std::uint16_t volume) noexcept;

using StereoGain = std::array<float, kChannels>;

/// What a guest's mixer says: volumes and mute, which come apart and in any order.
class GuestMixer {
  public:
    explicit GuestMixer(VolumeLaw law) noexcept : law_(law) {}

    /// One value for both channels, or one each; more are ignored, none changes nothing.
    void set_volumes(std::span<const std::uint16_t> volumes) noexcept;
    void set_mute(bool mute) noexcept { mute_ = mute; }
    [[nodiscard]] StereoGain gain() const noexcept;

  private:
    VolumeLaw law_;
    StereoGain volume_{1, 1};
    bool mute_ = false;
};

/// The gain that one thread sets and the device thread reads.
class SharedGain {
  public:
    void set(StereoGain gain) noexcept {
        left_.store(gain[0], std::memory_order_relaxed);
        right_.store(gain[1], std::memory_order_relaxed);
    }
    [[nodiscard]] StereoGain get() const noexcept {
        return {left_.load(std::memory_order_relaxed), right_.load(std::memory_order_relaxed)};
    }

  private:
    std::atomic<float> left_{1};
    std::atomic<float> right_{1};
};

/// Applies a gain that changes without a step: over kRampFrames, linearly.
class GainRamp {
  public:
    static constexpr Frames kRampFrames = 480; ///< 10 ms

    /// Begins at `gain`.
    explicit GainRamp(StereoGain gain = {1, 1}) noexcept : now_(gain), target_(gain) {}

    void set_target(StereoGain gain) noexcept;
    void apply(std::span<float> frames) noexcept;

  private:
    StereoGain now_;
    StereoGain target_;
    StereoGain step_{};
    Frames left_ = 0;
};

} // namespace spicykvm::audio
