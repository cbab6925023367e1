// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"
#include "session/audio/source_anchor.h"
#include "session/audio/target_policy.h"
#include "session/audio/timeline.h"

#include <cstdint>

namespace spicykvm::audio {

/// As START messages have it; `time` is the server's CLOCK_MONOTONIC in ms, modulo 2^32.
struct StreamFormat {
    std::uint32_t channels = 0;
    std::uint16_t format = 0; ///< SPICE_AUDIO_FMT_*
    std::uint32_t frequency = 0;
    std::uint32_t time = 0;
};

/// What the network thread decides, without samples: which positions a stream's packets have, when
/// they were due, how long they are to wait. Tolerates what the server may send in any order: data
/// before START or after STOP, either of them twice.
class Arrivals {
  public:
    /// Times that differ more from our clock are of another one.
    static constexpr Nanoseconds kSameHost{1'000'000'000};

    struct Counters {
        std::uint64_t packets = 0;
        std::uint64_t ignored = 0;  ///< data while no stream is open
        std::uint64_t rejected = 0; ///< streams of a format that is not supported
        Frames lost = 0;            ///< replaced by newer ones at the server
    };

    explicit Arrivals(const TargetPolicy::Settings& settings) noexcept : policy_(settings) {}

    /// False if the format is not the one there is (S16, two channels, 48 kHz): its data is
    /// ignored.
    bool on_start(const StreamFormat& format) noexcept;
    /// A packet of `frames`. Returns how many are missing before it, each to be made up by silence;
    /// -1 if the packet is to be ignored.
    Frames on_packet(TimePoint arrival, std::uint32_t time, Frames frames) noexcept;
    /// False if there is nothing to stop.
    bool on_stop() noexcept;

    [[nodiscard]] const Timeline& timeline() const noexcept { return timeline_; }
    /// One past the last frame, of all streams.
    [[nodiscard]] Frames end() const noexcept { return end_; }
    [[nodiscard]] bool open() const noexcept { return open_; }
    [[nodiscard]] bool same_host() const noexcept { return same_host_; }
    [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
    [[nodiscard]] const TargetPolicy& policy() const noexcept { return policy_; }

  private:
    void begin_stream(TimePoint arrival, std::uint32_t time) noexcept;
    Frames make_up(Nanoseconds all_late) noexcept;

    SourceAnchor anchor_;
    TargetPolicy policy_;
    Timeline timeline_;
    Frames end_ = 0;
    bool open_ = false;
    bool waits_for_packet_ = false;
    bool same_host_ = true;
    std::uint32_t start_time_ = 0;
    Counters counters_;
};

} // namespace spicykvm::audio
