// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/arrivals.h"
#include "session/audio/feed.h"
#include "session/audio/gain.h"
#include "session/audio/sample_ring.h"
#include "session/audio/seqlock.h"

#include <cstdint>
#include <span>

namespace spicykvm::audio {

/// All that the two halves of playback share. Lives longer than both.
struct PlaybackShared {
    SampleRing ring;
    Seqlock<Timeline> timeline;
    SharedGain guest; ///< what the guest's mixer says
    SharedGain focus; ///< 1, or what is left of the sound while the KVM is elsewhere
};

/// The half on the network thread: takes what the channel says, in order. Never blocks.
class PlaybackSource {
  public:
    PlaybackSource(PlaybackShared& shared, const TargetPolicy::Settings& settings,
                   VolumeLaw law) noexcept
        : shared_(shared), arrivals_(settings), mixer_(law) {}

    /// See Arrivals::on_start().
    bool on_start(const StreamFormat& format) noexcept;
    /// `payload` as it came: S16LE, interleaved; a part of a frame at its end is dropped.
    void on_data(TimePoint arrival, std::uint32_t time,
                 std::span<const std::uint8_t> payload) noexcept;
    void on_stop() noexcept;
    /// One value for both channels, or one each; more are ignored.
    void on_volume(std::span<const std::uint16_t> volumes) noexcept;
    void on_mute(bool mute) noexcept;

    [[nodiscard]] const Arrivals& arrivals() const noexcept { return arrivals_; }

  private:
    void make_up(Frames missing) noexcept;
    void append(std::span<const std::uint8_t> payload) noexcept;
    void fade_in(std::span<PackedFrame> frames) noexcept;

    PlaybackShared& shared_;
    Arrivals arrivals_;
    GuestMixer mixer_;
    PackedFrame last_ = 0;
    Frames fade_left_ = 0; ///< of the fade-in after what is missing
};

/// The half on the device thread: no allocation, lock, log or system call.
class PlaybackSink {
  public:
    /// Throws std::bad_alloc.
    explicit PlaybackSink(PlaybackShared& shared);

    /// Fills `output` (interleaved) and returns how many frames that are: `pull.frames`, but not
    /// more than there is room for, nor than Resampler::kMaxFrames less a few.
    Frames pull(const Pull& pull, std::span<float> output) noexcept;

    [[nodiscard]] const Playout& playout() const noexcept { return playout_; }
    /// Between a packet's due time and its first frame's, of what was played last.
    [[nodiscard]] Nanoseconds delay() const noexcept;
    /// How often the resampler or the ring did not give what was planned.
    [[nodiscard]] std::uint64_t faults() const noexcept { return faults_ + feed_.overtaken(); }

  private:
    static constexpr Frames kMaxPull = Resampler::kMaxFrames * 99 / 100;

    PlaybackShared& shared_;
    Timeline timeline_;
    Playout playout_;
    Feed feed_;
    Resampler resampler_;
    GainRamp guest_;
    GainRamp focus_;
    std::vector<float> input_;
    std::uint64_t faults_ = 0;
};

} // namespace spicykvm::audio
