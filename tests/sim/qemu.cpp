// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/qemu.h"

#include <algorithm>

namespace spicykvm::sim {

namespace {

Nanoseconds from_seconds(double s) {
    return Nanoseconds(static_cast<std::int64_t>(s * 1e9));
}

/// Another host's clock has nothing to do with ours.
constexpr std::uint32_t kRemoteOffsetMs = 123'456'789;

} // namespace

QemuPlayback::QemuPlayback(const Scenario& scenario, TimePoint begin)
    : scenario_(scenario), random_(scenario.seed * 2 + 1), begin_(begin), next_(begin),
      rate_(static_cast<double>(audio::kRate) * (1 + scenario.skew_ppm * 1e-6)),
      periodic_stall_(scenario.stall_every_s) {}

double QemuPlayback::elapsed() const noexcept {
    return audio::seconds(next_ - begin_);
}

Message QemuPlayback::message(Message::Kind kind) const noexcept {
    const auto ms = next_.time_since_epoch().count() / 1'000'000;
    auto stamp = static_cast<std::uint32_t>(ms);
    if (scenario_.remote) {
        stamp += kRemoteOffsetMs;
    }
    return {kind, next_ + from_seconds(scenario_.transport_us * 1e-6), stamp};
}

void QemuPlayback::tick(const Receiver& receiver) {
    if (follow_stops(receiver)) {
        send_due(receiver);
    }
    schedule();
}

bool QemuPlayback::follow_stops(const Receiver& receiver) {
    const double now = elapsed();
    const bool in_stop =
        next_stop_ < scenario_.stops.size() && now >= scenario_.stops[next_stop_].begin;
    if (in_stop) {
        const Stretch& stop = scenario_.stops[next_stop_];
        if (running_) {
            receiver(message(Message::Kind::Stop));
            running_ = false;
        }
        if (now < stop.begin + stop.length) {
            return false;
        }
        ++next_stop_;
    }
    if (!running_) {
        running_ = true;
        stream_begin_ = now;
        paused_ = 0;
        sent_ = 0;
        first_frame_ = all_;
        receiver(message(Message::Kind::Start));
    }
    return true;
}

void QemuPlayback::send_due(const Receiver& receiver) {
    const double played = elapsed() - stream_begin_ - paused_;
    const auto budget = static_cast<Frames>(played * rate_);
    while (budget - sent_ >= audio::kPacketFrames) {
        sent_ += audio::kPacketFrames;
        if (next_drop_ < scenario_.drops.size() && elapsed() >= scenario_.drops[next_drop_]) {
            ++next_drop_;
            // Its frames keep their numbers: the listener misses them.
            first_frame_ -= audio::kPacketFrames;
            continue;
        }
        all_ += audio::kPacketFrames;
        receiver(message(Message::Kind::Data));
    }
}

void QemuPlayback::schedule() {
    const bool later = scenario_.tick_ms_later > 0 && elapsed() > scenario_.hours * 1800;
    double wait = (later ? scenario_.tick_ms_later : scenario_.tick_ms) * 1e-3 +
                  random_.exponential(scenario_.tick_noise_us * 1e-6);
    if (scenario_.spike_chance > 0 && random_.uniform() < scenario_.spike_chance) {
        wait += random_.between(1e-3, 5e-3);
    }
    next_ += from_seconds(wait);
    double now = elapsed();
    if (next_stall_ < scenario_.stalls.size() && now >= scenario_.stalls[next_stall_].begin) {
        const Stretch& stall = scenario_.stalls[next_stall_++];
        now = std::max(now, stall.begin + stall.length);
    }
    if (periodic_stall_ > 0 && now >= periodic_stall_) {
        now = std::max(now, periodic_stall_ + scenario_.stall_ms * 1e-3);
        periodic_stall_ += scenario_.stall_every_s;
    }
    if (next_pause_ < scenario_.pauses.size() && now >= scenario_.pauses[next_pause_].begin) {
        const double length = scenario_.pauses[next_pause_++].length;
        paused_ += length;
        now += length;
    }
    next_ = begin_ + from_seconds(now);
}

} // namespace spicykvm::sim
