// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/playout.h"
#include "session/pipewire/lateness.h"

#include <cstdint>

namespace spicykvm::session {

/// The driver's clock, as PipeWire tells it at a request.
struct GraphTime {
    TimePoint now;           ///< when the driver's cycle began
    audio::Frames ticks = 0; ///< its position then
    std::uint32_t rate = 0;  ///< ticks a second; 0: there is no driver
};

/// Makes a stream's requests out of the graph's cycles, and sees what goes wrong with those.
class CycleMeter {
  public:
    /// A driver's time that is further from ours is of another clock: ours is taken then.
    static constexpr audio::Nanoseconds kSameClock{1'000'000'000};

    /// `woken`: CLOCK_MONOTONIC, now. `frames`: at 48 kHz, of this request.
    audio::Pull request(const GraphTime& time, TimePoint woken, audio::Frames frames) noexcept;

    /// Of the graph, at 48 kHz.
    [[nodiscard]] audio::Frames quantum() const noexcept { return quantum_; }
    /// Cycles that came without a request: the graph, or this process, was too late for them.
    [[nodiscard]] std::uint64_t gaps() const noexcept { return gaps_; }
    [[nodiscard]] const Lateness& lateness() const noexcept { return lateness_; }

  private:
    void follow(const GraphTime& time) noexcept;

    GraphTime last_;
    audio::Frames requested_ = 0; ///< since last_
    audio::Frames own_ticks_ = 0; ///< for want of a driver's
    audio::Frames quantum_ = 0;
    std::uint64_t gaps_ = 0;
    Lateness lateness_;
};

} // namespace spicykvm::session
