// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace spicykvm::test {

/// Where a tone of amplitude 0.5 is broken: the first sample of each place. What is within 20 ms of
/// another break is the same one: a gap and its fades.
[[nodiscard]] std::vector<std::size_t> breaks_of(std::span<const float> samples, double frequency);

/// The longest part without a break.
[[nodiscard]] std::span<const float> longest_tone(std::span<const float> samples, double frequency);

/// How clean the tone is (dB): the median over windows of 5 ms, each at the frequency within
/// 5000 ppm of `frequency` that fits best, for a rate that is being corrected is no fault. 0:
/// shorter than a window.
[[nodiscard]] double purity_of(std::span<const float> samples, double frequency);

} // namespace spicykvm::test
