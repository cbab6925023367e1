// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/source_anchor.h"

#include <algorithm>

namespace spicykvm::audio {

namespace {

Nanoseconds scaled(Nanoseconds duration, double factor) noexcept {
    return Nanoseconds(static_cast<std::int64_t>(static_cast<double>(duration.count()) * factor));
}

} // namespace

void SourceAnchor::start(Frames position, std::optional<TimePoint> earliest) noexcept {
    const bool same_host = same_host_;
    *this = SourceAnchor{};
    same_host_ = same_host;
    first_position_ = position;
    hint_ = earliest;
}

Nanoseconds SourceAnchor::on_packet(TimePoint arrival, Frames position) noexcept {
    if (!base_) {
        base_ = arrival;
    }
    const Nanoseconds time = arrival - *base_;
    const Nanoseconds offset = time - duration_of(position - first_position_);
    if (count_ == 0 || time - blocks_[newest_].time >= kBlock) {
        open_block(time, offset);
    }
    Block& block = blocks_[newest_];
    // Within a block a skew moves the envelope by at most 2 ms; the block's time is its beginning.
    block.earliest = std::min(block.earliest, offset - scaled(time - block.time, slope_));
    const Nanoseconds target = envelope(time);
    const Nanoseconds passed = time - last_time_;
    offset_ += scaled(passed, slope_);
    offset_ += scaled(std::max(target - offset_, Nanoseconds::zero()),
                      std::min(1.0, seconds(passed) / seconds(kRise)));
    const bool first = time == Nanoseconds::zero();
    offset_ = first || !knows_rate() ? target : std::min(offset_, target);
    last_time_ = time;
    return offset - offset_;
}

void SourceAnchor::move(Nanoseconds later) noexcept {
    for (Block& block : blocks_) {
        block.earliest += later;
    }
    offset_ += later;
}

TimePoint SourceAnchor::origin() const noexcept {
    Nanoseconds offset = offset_;
    if (hint_ && last_time_ < kHintLife) {
        offset = std::min(offset, Nanoseconds(*hint_ - base_.value_or(*hint_)));
    }
    return base_.value_or(TimePoint{}) + offset - duration_of(first_position_);
}

void SourceAnchor::open_block(Nanoseconds time, Nanoseconds offset) noexcept {
    if (!same_host_) {
        update_slope();
    }
    newest_ = (newest_ + 1) % kBlocks;
    blocks_[newest_] = {time, offset};
    count_ = std::min(count_ + 1, kBlocks);
}

Nanoseconds SourceAnchor::envelope(Nanoseconds time) const noexcept {
    Nanoseconds earliest = Nanoseconds::max();
    const std::size_t depth = knows_rate() ? count_ : std::min(count_, kBlocksAtFirst);
    for (std::size_t i = 0; i < depth; ++i) {
        const Block& block = blocks_[(newest_ + kBlocks - i) % kBlocks];
        earliest = std::min(earliest, block.earliest + scaled(time - block.time, slope_));
    }
    return earliest;
}

/// Least squares through the earliest packets of the blocks.
void SourceAnchor::update_slope() noexcept {
    if (count_ < kBlocksForSkew) {
        return;
    }
    double sum_x = 0;
    double sum_y = 0;
    double sum_xx = 0;
    double sum_xy = 0;
    const Nanoseconds zero = blocks_[newest_].time;
    for (std::size_t i = 0; i < count_; ++i) {
        const Block& block = blocks_[(newest_ + kBlocks - i) % kBlocks];
        const double x = seconds(block.time - zero);
        const double y = seconds(block.earliest);
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_xy += x * y;
    }
    const auto n = static_cast<double>(count_);
    const double divisor = n * sum_xx - sum_x * sum_x;
    if (divisor > 0) {
        knows_skew_ = true;
        slope_ = std::clamp((n * sum_xy - sum_x * sum_y) / divisor, -kMaxSkew, kMaxSkew);
    }
}

} // namespace spicykvm::audio
