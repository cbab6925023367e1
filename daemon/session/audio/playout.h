// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/clock_estimator.h"
#include "session/audio/frames.h"
#include "session/audio/rate_control.h"
#include "session/audio/resampler.h"
#include "session/audio/timeline.h"

#include <limits>

namespace spicykvm::audio {

/// What a device asks for.
struct Pull {
    TimePoint now;                   ///< when the driver's cycle began
    Frames ticks = 0;                ///< the driver's position then
    std::uint32_t tick_rate = 48000; ///< Hz
    Frames frames = 0;               ///< wanted, at 48 kHz
};

/// What it gets: `feed` frames go into the resampler, from the ring's position `from` on.
struct Plan {
    double step = 1; ///< input frames per output frame
    Frames feed = 0;
    Frames from = 0;
    Frames begin = 0; ///< what is below, or from `end` on, is not there
    Frames end = 0;
    Frames fade_from = 0; ///< here the fade to silence begins
    Frames skipped = 0;   ///< more than 0: cross-fade, from the frames that far below `from`
    bool starved = false; ///< frames are due that have not come

    [[nodiscard]] bool sounds() const noexcept { return from < end && from + feed > begin; }
};

/// Which frames a device gets, and how fast: the decisions of the device thread, without samples.
/// At the smoothed time t of a request, all frames due by t - delay are read, whatever the size of
/// the request. If every packet is at most `delay` late, no request finds too little.
///
/// | state   | frames are due, and there | due, not there         | none due yet   | more than
/// kSkip behind |
/// |---------|---------------------------|------------------------|----------------|------------------------|
/// | silent  | fade in -> playing        | stay (starved)         | stay           | - | | playing
/// | go on                     | fade out -> silent     | stretch        | cross-fade to the due  |
///
/// What comes too late is not played: after a stall the due frames are, and the delay is as before.
class Playout {
  public:
    static constexpr Frames kFade = 240;      ///< 5 ms
    static constexpr Frames kCrossFade = 384; ///< 8 ms
    static constexpr Frames kSkip = 192;      ///< 4 ms; less is a matter of the rate

    struct Counters {
        std::uint64_t starved = 0;   ///< requests
        std::uint64_t underruns = 0; ///< episodes of them that interrupted the sound
        std::uint64_t skips = 0;
        Frames skipped = 0;
        Frames silent = 0; ///< of frames that were due
    };

    /// `written`: the end of the ring, read after `timeline`.
    Plan next(const Pull& pull, const Timeline& timeline, Frames written) noexcept;

    [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
    [[nodiscard]] const ClockEstimator& clock() const noexcept { return clock_; }
    [[nodiscard]] bool playing() const noexcept { return playing_; }
    /// Input frames per output frame, lately.
    [[nodiscard]] double ratio() const noexcept { return rate_.ratio(); }
    /// By how many frames the last request that sounded was behind, or ahead of, what was due.
    [[nodiscard]] double behind() const noexcept { return behind_; }

  private:
    /// One request, as it is worked out.
    struct Due {
        const Timeline& timeline;
        Frames written;
        double position;     ///< one past the last frame that is due
        double feed_forward; ///< ratio of the clocks
        double cycle;        ///< s
    };
    Plan play(const Pull& pull, const Due& due) noexcept;
    Plan stay_silent(const Pull& pull, const Due& due) noexcept;
    void skip(Plan& plan, const Due& due, double behind) noexcept;
    void run_out(Plan& plan, bool ended) noexcept;

    ClockEstimator clock_;
    RateControl rate_;
    Phase phase_;
    TimePoint last_;
    bool playing_ = false;
    Frames next_ = 0; ///< one past the last frame that was played
    Frames fade_left_ = 0;
    Frames cross_left_ = 0;
    double behind_ = 0;
    Counters counters_;
};

} // namespace spicykvm::audio
