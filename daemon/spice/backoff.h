// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace spicykvm::spice {

/// How long to wait before the next attempt: 1, 2, 5, 15, 60 times `shortest`, at most `longest`.
/// Each attempt costs the VM about 10 ms, in which its server makes an RSA key.
class Backoff {
  public:
    Backoff(Milliseconds shortest, Milliseconds longest) noexcept
        : shortest_(shortest), longest_(longest) {}

    [[nodiscard]] Milliseconds next() noexcept {
        const Milliseconds delay = std::min(shortest_ * kFactors[step_], longest_);
        step_ = std::min(step_ + 1, kFactors.size() - 1);
        return delay;
    }
    void reset() noexcept { step_ = 0; }
    /// next() has not been called since the start or reset().
    [[nodiscard]] bool fresh() const noexcept { return step_ == 0; }
    /// For a failure that does not pass by itself.
    void jump_to_longest() noexcept { step_ = kFactors.size() - 1; }

  private:
    static constexpr std::array<int, 5> kFactors = {1, 2, 5, 15, 60};

    Milliseconds shortest_;
    Milliseconds longest_;
    std::size_t step_ = 0;
};

} // namespace spicykvm::spice
