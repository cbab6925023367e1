// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/lateness.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace spicykvm::audio {

std::size_t Histogram::bucket_of(std::uint64_t us) noexcept {
    if (us < kSteps) {
        return static_cast<std::size_t>(us);
    }
    // The four bits below the highest one.
    const auto octave = static_cast<unsigned>(std::bit_width(us)) - 5;
    const std::size_t step = (us >> octave) - kSteps;
    return std::min<std::size_t>((octave + 1) * kSteps + step, kOctaves * kSteps - 1);
}

std::uint64_t Histogram::top_of(std::size_t bucket) noexcept {
    if (bucket < kSteps) {
        return bucket;
    }
    const std::uint64_t octave = bucket / kSteps - 1;
    return ((kSteps + bucket % kSteps + 1) << octave) - 1;
}

void Histogram::add(Nanoseconds value) noexcept {
    const auto rounded = std::max(std::chrono::duration_cast<Microseconds>(value), Microseconds(0));
    ++buckets_[bucket_of(static_cast<std::uint64_t>(rounded.count()))];
    ++count_;
    max_ = std::max(max_, rounded);
}

void Histogram::merge(const Histogram& other) noexcept {
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        buckets_[i] += other.buckets_[i];
    }
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

Microseconds Histogram::quantile(double part) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (seen >= wanted && seen > 0) {
            return std::min(Microseconds(top_of(i)), max_);
        }
    }
    return Microseconds(0);
}

Percentiles percentiles_of(const Histogram& histogram) noexcept {
    return {histogram.quantile(0.5), histogram.quantile(0.99), histogram.quantile(0.999),
            histogram.max()};
}

Nanoseconds age_of_stamp(std::uint32_t time, TimePoint now) noexcept {
    const auto since_boot = std::chrono::duration_cast<Nanoseconds>(now.time_since_epoch());
    const auto ms = std::chrono::floor<Milliseconds>(since_boot);
    const auto difference =
        static_cast<std::int32_t>(static_cast<std::uint32_t>(ms.count()) - time);
    return Milliseconds(difference) + (since_boot - ms);
}

void LatenessSplit::on_packet(TimePoint arrival, std::uint32_t time, TimePoint due,
                              bool same_host) noexcept {
    if (!begun_ || same_host != same_host_) {
        now_ = before_ = {};
        since_ = arrival;
        begun_ = true;
        same_host_ = same_host;
    }
    if (arrival - since_ >= kWindow) {
        before_ = now_;
        now_ = {};
        since_ = arrival;
    }
    const Nanoseconds lateness = std::max<Nanoseconds>(arrival - due, Nanoseconds::zero());
    const Nanoseconds transport =
        same_host ? std::clamp<Nanoseconds>(age_of_stamp(time, arrival) - Milliseconds(1),
                                            Nanoseconds::zero(), lateness)
                  : lateness;
    now_.transport.add(transport);
    if (same_host) {
        now_.vm.add(lateness - transport);
    }
}

/// The period of QEMU's audio timer. The spacing of the packets does not tell it: with a timer
/// faster than 10 ms it is still that of the packets. But the timer is never in step with them, so
/// a packet waits for it, evenly, from nothing to a whole period: its half is the median.
LatenessSplit::Report LatenessSplit::report() const noexcept {
    Window both = now_;
    both.vm.merge(before_.vm);
    both.transport.merge(before_.transport);
    Report report{percentiles_of(both.vm), percentiles_of(both.transport), Microseconds(0)};
    if (both.vm.count() >= kEnough) {
        report.tick = 2 * report.vm.p50;
    }
    return report;
}

std::string timer_hint(Microseconds tick) {
    constexpr Microseconds kRecommended{1000};
    constexpr Microseconds kWorthwhile{4000};
    if (tick < kWorthwhile) {
        return {};
    }
    const auto rounded = [](Microseconds time) {
        return std::to_string((time.count() + 500) / 1000) + " ms";
    };
    return "the VM's audio timer has a period of about " + rounded(tick) +
           "; with timer-period=1000 (QEMU's -audiodev) or timerPeriod='1000' (libvirt's <audio>) "
           "the delay is about " +
           rounded(tick - kRecommended) + " less";
}

} // namespace spicykvm::audio
