// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <array>

namespace spicykvm::audio {

/// How long frames wait before they are played: as long as packets have been late lately, and a
/// guard. What is learned belongs to the host and outlives streams.
///
/// Lateness is held at its maximum and sinks, with a half-life, towards the maximum of the last ten
/// to twenty minutes. A rare stall is no jitter: it costs one gap, not a lasting delay. Frequent
/// ones are jitter.
class TargetPolicy {
  public:
    struct Settings {
        Nanoseconds prior{13'000'000}; ///< lateness expected at first: a timer of 10 ms, and 3 ms
        Nanoseconds guard{1'000'000};
        Nanoseconds half_life = std::chrono::hours(2);
    };
    static constexpr Nanoseconds kCap{100'000'000};
    /// Later than this, or in a burst of so many packets at once, is a stall.
    static constexpr Nanoseconds kStall{30'000'000};
    static constexpr unsigned kBurst = 3;
    /// Packets that come this close together are of one tick of QEMU's timer.
    static constexpr Nanoseconds kTogether{500'000};
    /// So many stalls are forgiven at once, and one more every kForgiveEvery.
    static constexpr double kForgiven = 10;
    static constexpr Nanoseconds kForgiveEvery{6'000'000'000};
    /// If all packets of a window were late, packets were lost (or the guest stood still) and the
    /// positions are wrong. So what is late in a window is learned only when the next one is over.
    static constexpr Nanoseconds kWindow{500'000'000};
    static constexpr unsigned kMinPacketsOfWindow = 10;
    static constexpr Nanoseconds kLost{9'000'000};
    static constexpr Nanoseconds kRecent = std::chrono::minutes(10);

    explicit TargetPolicy(const Settings& settings) noexcept
        : settings_(settings), jitter_(settings.prior) {}

    /// The positions begin anew: an unfinished window is dropped, what is learned stays.
    void restart() noexcept;

    /// Every packet, in order. Returns by how much all packets of the last window were late, if
    /// that means that the positions are wrong, else 0. Then they are to be put right; this packet
    /// is taken for on time.
    Nanoseconds on_packet(TimePoint arrival, Nanoseconds lateness) noexcept;

    /// Between a packet's due time and the reading of its first frame.
    [[nodiscard]] Nanoseconds delay() const noexcept { return jitter_ + settings_.guard; }
    /// To be kept over a restart of the program, as Settings::prior.
    [[nodiscard]] Nanoseconds jitter() const noexcept { return jitter_; }
    [[nodiscard]] std::uint64_t stalls() const noexcept { return stalls_; }

  private:
    void close_group(TimePoint now) noexcept;
    [[nodiscard]] bool forgive(TimePoint now) noexcept;
    Nanoseconds close_window(TimePoint now) noexcept;
    void learn(TimePoint now, Nanoseconds lateness) noexcept;

    Settings settings_;
    Nanoseconds jitter_;
    TimePoint learned_at_;
    std::array<Nanoseconds, 2> recent_{}; ///< maxima of this and the previous kRecent
    TimePoint recent_since_;
    bool begun_ = false;

    unsigned group_size_ = 0;
    Nanoseconds group_latest_{};
    TimePoint group_last_;
    double forgiveness_ = kForgiven;
    TimePoint forgiven_at_;
    std::uint64_t stalls_ = 0;

    unsigned window_packets_ = 0;
    TimePoint window_since_;
    Nanoseconds window_earliest_{};
    Nanoseconds window_latest_{};
    Nanoseconds previous_latest_{}; ///< of the window before, not learned yet
};

} // namespace spicykvm::audio
