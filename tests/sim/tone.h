// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>

namespace spicykvm::sim {

/// How clean a tone is, in dB: its best fit (sine, cosine, constant) against the rest. `frequency`
/// in cycles per sample; every `stride`th value is taken.
double signal_to_noise(std::span<const float> samples, double frequency, std::size_t stride = 1);

/// The largest |x[n] - 2 cos(w) x[n-1] + x[n-2]|, which is 0 for a pure tone: a step of the wave
/// stands out, however small.
double largest_step(std::span<const float> samples, double frequency, std::size_t stride = 1);

} // namespace spicykvm::sim
