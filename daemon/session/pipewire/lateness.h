// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "session/audio/frames.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace spicykvm::session {

/// How late the data thread is woken: quantiles of the last whole window. Fixed size, no clock.
class Lateness {
  public:
    static constexpr audio::Nanoseconds kWindow{2'000'000'000};

    struct Figures {
        audio::Nanoseconds p50{};
        audio::Nanoseconds p99{};
        audio::Nanoseconds max{};
    };

    /// `late` below 0 counts as 0.
    void add(TimePoint now, audio::Nanoseconds late) noexcept;
    /// Zeros until the first window is over. Quantiles are rounded up by at most a quarter.
    [[nodiscard]] const Figures& figures() const noexcept { return figures_; }

  private:
    /// Four buckets an octave, from 1 us on; the last one takes the rest (2 s and more).
    static constexpr std::size_t kBuckets = 84;
    [[nodiscard]] audio::Nanoseconds quantile(double part) const noexcept;

    std::array<std::uint32_t, kBuckets> counts_{};
    std::uint32_t total_ = 0;
    audio::Nanoseconds max_{};
    TimePoint since_;
    Figures figures_;
};

} // namespace spicykvm::session
