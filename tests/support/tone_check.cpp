// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/tone_check.h"

#include "sim/tone.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace spicykvm::test {

namespace {

constexpr std::size_t kTogether = 960;
/// Of 0.5: a step of one per cent of a sample's at 2 kHz.
constexpr double kBreak = 4e-3;
constexpr std::size_t kWindow = 256;

double purity_of_window(std::span<const float> samples, double frequency) {
    // One maximum: the noise of a wrong frequency grows with the distance.
    const auto at = [&](double ppm) {
        return sim::signal_to_noise(samples, frequency / 48000 * (1 + ppm * 1e-6));
    };
    double low = -5000;
    double high = 5000;
    while (high - low > 0.1) {
        const double third = (high - low) / 3;
        if (at(low + third) < at(high - third)) {
            low += third;
        } else {
            high -= third;
        }
    }
    return at((low + high) / 2);
}

} // namespace

std::vector<std::size_t> breaks_of(std::span<const float> samples, double frequency) {
    const double factor = 2 * std::cos(2 * std::numbers::pi * frequency / 48000);
    std::vector<std::size_t> breaks;
    std::size_t last = 0;
    for (std::size_t i = 2; i < samples.size(); ++i) {
        const double residue = static_cast<double>(samples[i]) -
                               factor * static_cast<double>(samples[i - 1]) +
                               static_cast<double>(samples[i - 2]);
        if (std::abs(residue) > kBreak) {
            if (breaks.empty() || i - last > kTogether) {
                breaks.push_back(i);
            }
            last = i;
        }
    }
    return breaks;
}

std::span<const float> longest_tone(std::span<const float> samples, double frequency) {
    std::vector<std::size_t> ends = breaks_of(samples, frequency);
    ends.push_back(samples.size());
    std::span<const float> longest;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        if (end > begin && end - begin > longest.size()) {
            longest = samples.subspan(begin, end - begin);
        }
        begin = end + kTogether;
    }
    return longest;
}

double purity_of(std::span<const float> samples, double frequency) {
    std::vector<double> purities;
    for (std::size_t at = 0; at + kWindow <= samples.size(); at += kWindow) {
        purities.push_back(purity_of_window(samples.subspan(at, kWindow), frequency));
    }
    std::sort(purities.begin(), purities.end());
    return purities.empty() ? 0 : purities[purities.size() / 2];
}

} // namespace spicykvm::test
