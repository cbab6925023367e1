// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <cstdint>

namespace spicykvm::sim {

/// SplitMix64: the same numbers everywhere for a seed, and fast enough for days.
class Random {
  public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t bits() noexcept {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    /// In [0, 1).
    double uniform() noexcept { return static_cast<double>(bits() >> 11U) * 0x1p-53; }
    double between(double low, double high) noexcept { return low + (high - low) * uniform(); }
    double exponential(double mean) noexcept { return -mean * std::log1p(-uniform()); }

  private:
    std::uint64_t state_;
};

} // namespace spicykvm::sim
