// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/arrivals.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::audio {

namespace {

constexpr std::uint16_t kFormatS16 = 1; // SPICE_AUDIO_FMT_S16

/// How long ago `time` was, if it is of our clock. It wraps every 49.7 days.
Nanoseconds age_of(std::uint32_t time, TimePoint now) noexcept {
    const auto ms = std::chrono::duration_cast<Milliseconds>(now.time_since_epoch()).count();
    return Milliseconds(static_cast<std::int32_t>(static_cast<std::uint32_t>(ms) - time));
}

bool is_ours(Nanoseconds age) noexcept {
    return std::chrono::abs(age) < Arrivals::kSameHost;
}

} // namespace

bool Arrivals::on_start(const StreamFormat& format) noexcept {
    (void)on_stop();
    open_ = format.channels == kChannels && format.format == kFormatS16 &&
            format.frequency == static_cast<std::uint32_t>(kRate);
    counters_.rejected += open_ ? 0 : 1;
    waits_for_packet_ = open_;
    start_time_ = format.time;
    return open_;
}

Frames Arrivals::on_packet(TimePoint arrival, std::uint32_t time, Frames frames) noexcept {
    if (!open_) {
        ++counters_.ignored;
        return -1;
    }
    if (waits_for_packet_) {
        begin_stream(arrival, time);
    }
    ++counters_.packets;
    const Nanoseconds lateness = anchor_.on_packet(arrival, end_);
    if (arrival - anchor_.origin() - duration_of(end_) > policy_.jitter()) {
        anchor_.drop_hint();
    }
    const Frames missing = make_up(policy_.on_packet(arrival, lateness));
    end_ += missing + frames;
    timeline_.origin = anchor_.origin();
    timeline_.delay = policy_.delay();
    timeline_.skew = anchor_.skew();
    return missing;
}

/// Whole packets are missing; what is left over is the source's clock, which had stood still.
Frames Arrivals::make_up(Nanoseconds all_late) noexcept {
    if (all_late == Nanoseconds::zero()) {
        return 0;
    }
    const double packets = seconds(all_late) / seconds(duration_of(kPacketFrames));
    const Frames missing = std::lround(packets) * kPacketFrames;
    anchor_.move(all_late - duration_of(missing));
    counters_.lost += missing;
    return missing;
}

void Arrivals::begin_stream(TimePoint arrival, std::uint32_t time) noexcept {
    waits_for_packet_ = false;
    same_host_ = is_ours(age_of(time, arrival));
    anchor_.set_same_host(same_host_);
    std::optional<TimePoint> due;
    if (const Nanoseconds age = age_of(start_time_, arrival); same_host_ && is_ours(age)) {
        // The stream began within the millisecond of START; its first packet is due a packet later.
        due = arrival - age + Milliseconds(1) + duration_of(kPacketFrames);
    }
    anchor_.start(end_, due);
    policy_.restart();
    ++timeline_.stream;
    timeline_.begin = end_;
    timeline_.end = Timeline::kOpen;
}

bool Arrivals::on_stop() noexcept {
    const bool had_data = open_ && !waits_for_packet_;
    if (had_data) {
        timeline_.end = end_;
    }
    open_ = waits_for_packet_ = false;
    return had_data;
}

} // namespace spicykvm::audio
