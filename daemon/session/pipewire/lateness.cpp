// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/lateness.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spicykvm::session {

namespace {

/// Bucket b holds what is below 1024 ns times 2^(b / 4) times 1, 1.25, 1.5, 1.75 (b modulo 4).
std::size_t bucket_of(std::int64_t nanoseconds) noexcept {
    const auto value = static_cast<std::uint64_t>(nanoseconds);
    if (value < 1024) {
        return 0;
    }
    const auto exponent = static_cast<unsigned>(std::bit_width(value)) - 1;
    const std::uint64_t quarter = (value >> (exponent - 2)) & 3;
    return 1 + (exponent - 10) * 4 + static_cast<std::size_t>(quarter);
}

std::int64_t end_of(std::size_t bucket) noexcept {
    return static_cast<std::int64_t>((std::uint64_t{4} + bucket % 4) << (8 + bucket / 4));
}

} // namespace

void Lateness::add(TimePoint now, audio::Nanoseconds late) noexcept {
    if (total_ > 0 && now - since_ >= kWindow) {
        figures_ = {quantile(0.5), quantile(0.99), max_};
        counts_ = {};
        total_ = 0;
        max_ = {};
    }
    if (total_ == 0) {
        since_ = now;
    }
    late = std::max(late, audio::Nanoseconds(0));
    ++counts_[std::min(bucket_of(late.count()), kBuckets - 1)];
    ++total_;
    max_ = std::max(max_, late);
}

audio::Nanoseconds Lateness::quantile(double part) const noexcept {
    const auto wanted = static_cast<std::uint32_t>(std::ceil(part * total_));
    std::uint32_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += counts_[bucket];
        if (seen >= wanted) {
            return std::min(audio::Nanoseconds(end_of(bucket)), max_);
        }
    }
    return max_;
}

} // namespace spicykvm::session
