// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/samples.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::bench {

void Samples::add(const Samples& others) {
    values_.insert(values_.end(), others.values_.begin(), others.values_.end());
}

double Samples::quantile(double part) const {
    if (values_.empty()) {
        return 0;
    }
    std::vector<double> sorted = values_;
    const auto count = static_cast<double>(sorted.size());
    const auto rank =
        static_cast<std::ptrdiff_t>(std::clamp(std::ceil(part * count) - 1.0, 0.0, count - 1.0));
    std::nth_element(sorted.begin(), sorted.begin() + rank, sorted.end());
    return sorted[static_cast<std::size_t>(rank)];
}

void Comparison::add(Samples ours, Samples baseline) {
    ours_.push_back(std::move(ours));
    baseline_.push_back(std::move(baseline));
}

Estimate Comparison::at(double part) const {
    Samples ours;
    Samples baseline;
    Samples ratios;
    for (std::size_t i = 0; i < ours_.size(); ++i) {
        const double one = ours_[i].quantile(part);
        const double other = baseline_[i].quantile(part);
        ours.add(one);
        baseline.add(other);
        ratios.add(other > 0 ? one / other : 0);
    }
    return {ours.median(), baseline.median(), ratios.median(), ratios.quantile(0.25),
            ratios.quantile(0.75)};
}

Estimate Comparison::pooled(double part) const {
    Samples ours;
    Samples baseline;
    for (std::size_t i = 0; i < ours_.size(); ++i) {
        ours.add(ours_[i]);
        baseline.add(baseline_[i]);
    }
    const double one = ours.quantile(part);
    const double other = baseline.quantile(part);
    const double ratio = other > 0 ? one / other : 0;
    return {one, other, ratio, ratio, ratio};
}

} // namespace spicykvm::bench
