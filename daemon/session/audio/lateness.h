// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace spicykvm::audio {

/// Durations by size, to 6 %, from 1 us to 16 s.
class Histogram {
  public:
    void add(Nanoseconds value) noexcept;
    void clear() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] Microseconds max() const noexcept { return max_; }
    void merge(const Histogram& other) noexcept;
    /// So many of all, 0..1, are at most this. 0 while it is empty.
    [[nodiscard]] Microseconds quantile(double part) const noexcept;

  private:
    static constexpr unsigned kOctaves = 24;
    static constexpr unsigned kSteps = 16; ///< an octave
    static std::size_t bucket_of(std::uint64_t us) noexcept;
    static std::uint64_t top_of(std::size_t bucket) noexcept;

    std::array<std::uint32_t, static_cast<std::size_t>(kOctaves* kSteps)> buckets_{};
    std::uint64_t count_ = 0;
    Microseconds max_{0};
};

/// p50, p99, p99.9 and maximum.
struct Percentiles {
    Microseconds p50{0};
    Microseconds p99{0};
    Microseconds p999{0};
    Microseconds max{0};
    bool operator==(const Percentiles&) const = default;
};
[[nodiscard]] Percentiles percentiles_of(const Histogram& histogram) noexcept;

/// Who makes packets late, of the last one to two minutes. QEMU stamps a packet when it queues it:
///
///     due ----- vm: its audio timer, its locks ----- stamp ----- transport, our thread -----
///     arrival
///
/// The stamp has whole milliseconds; what is below is counted to the VM. Of another host's clock
/// nothing is known, and all lateness is the transport's.
class LatenessSplit {
  public:
    static constexpr Nanoseconds kWindow = std::chrono::minutes(1);
    /// Fewer packets than these tell nothing about the timer.
    static constexpr std::uint64_t kEnough = 500;

    struct Report {
        Percentiles vm;
        Percentiles transport;
        Microseconds tick{0}; ///< see tick(); 0: not known
        bool operator==(const Report&) const = default;
    };

    /// `time`: the stamp. `due`: see Timeline.
    void on_packet(TimePoint arrival, std::uint32_t time, TimePoint due, bool same_host) noexcept;
    [[nodiscard]] Report report() const noexcept;

  private:
    struct Window {
        Histogram vm;
        Histogram transport;
    };
    Window now_;
    Window before_;
    TimePoint since_;
    bool begun_ = false;
    bool same_host_ = true;
};

/// The age of a stamp: CLOCK_MONOTONIC in ms, modulo 2^32, of this host. Negative: of the future.
[[nodiscard]] Nanoseconds age_of_stamp(std::uint32_t time, TimePoint now) noexcept;

/// What a VM's user gains by a faster audio timer, one line; empty: nothing worth the wake-ups. 0:
/// the period is not known.
[[nodiscard]] std::string timer_hint(Microseconds tick);

} // namespace spicykvm::audio
