// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/metrics.h"

namespace spicykvm::input {

std::uint64_t Histogram::count() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& bucket : buckets_) {
        sum += bucket.load(std::memory_order_relaxed);
    }
    return sum;
}

std::chrono::nanoseconds Histogram::quantile(double part) const noexcept {
    const std::uint64_t total = count();
    if (total == 0) {
        return std::chrono::nanoseconds(0);
    }
    const double wanted = part * static_cast<double>(total);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        seen += buckets_[i].load(std::memory_order_relaxed);
        if (static_cast<double>(seen) >= wanted) {
            return std::min(std::chrono::nanoseconds(std::int64_t{1} << i), max());
        }
    }
    return max();
}

} // namespace spicykvm::input
