// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace spicykvm::sim {

namespace {

using Row = std::array<double, 4>;

/// Gauss elimination of three equations.
std::array<double, 3> solve(std::array<Row, 3> rows) {
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t k = i + 1; k < 3; ++k) {
            if (std::abs(rows[k][i]) > std::abs(rows[i][i])) {
                std::swap(rows[i], rows[k]);
            }
        }
        for (std::size_t k = 0; k < 3; ++k) {
            const double factor = k == i ? 0 : rows[k][i] / rows[i][i];
            for (std::size_t column = 0; column < 4; ++column) {
                rows[k][column] -= factor * rows[i][column];
            }
        }
    }
    return {rows[0][3] / rows[0][0], rows[1][3] / rows[1][1], rows[2][3] / rows[2][2]};
}

std::array<double, 3> basis(std::size_t n, double frequency) {
    const double angle = 2 * std::numbers::pi * std::fmod(frequency * static_cast<double>(n), 1.0);
    return {std::sin(angle), std::cos(angle), 1};
}

} // namespace

double signal_to_noise(std::span<const float> samples, double frequency, std::size_t stride) {
    std::array<Row, 3> rows{};
    const std::size_t count = samples.size() / stride;
    for (std::size_t n = 0; n < count; ++n) {
        const auto b = basis(n, frequency);
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t k = 0; k < 3; ++k) {
                rows[i][k] += b[i] * b[k];
            }
            rows[i][3] += b[i] * static_cast<double>(samples[n * stride]);
        }
    }
    const auto fit = solve(rows);
    double noise = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const auto b = basis(n, frequency);
        const double clean = fit[0] * b[0] + fit[1] * b[1] + fit[2];
        noise += std::pow(static_cast<double>(samples[n * stride]) - clean, 2);
    }
    const double signal = (fit[0] * fit[0] + fit[1] * fit[1]) / 2 * static_cast<double>(count);
    return 10 * std::log10(signal / std::max(noise, 1e-300));
}

double largest_step(std::span<const float> samples, double frequency, std::size_t stride) {
    const double factor = 2 * std::cos(2 * std::numbers::pi * frequency);
    double largest = 0;
    for (std::size_t i = 2 * stride; i < samples.size(); i += stride) {
        const double residue = static_cast<double>(samples[i]) -
                               factor * static_cast<double>(samples[i - stride]) +
                               static_cast<double>(samples[i - 2 * stride]);
        largest = std::max(largest, std::abs(residue));
    }
    return largest;
}

} // namespace spicykvm::sim
