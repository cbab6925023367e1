// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace spicykvm::input {

/// Durations in buckets that double: bucket n counts what took less than 2^n ns. One writer, any
/// reader.
class Histogram {
  public:
    static constexpr std::size_t kBuckets = 40; // the last one: 9 minutes and more

    void record(Clock::duration duration) noexcept {
        const auto count = std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
        const std::uint64_t ns = count > 0 ? static_cast<std::uint64_t>(count) : 0;
        const auto bucket = std::min<std::size_t>(std::bit_width(ns), kBuckets - 1);
        add(buckets_[bucket], 1);
        if (ns > max_.load(std::memory_order_relaxed)) {
            max_.store(ns, std::memory_order_relaxed);
        }
    }

    /// Upper bound of the bucket that holds the given part (0..1) of all durations; 0 when empty.
    [[nodiscard]] std::chrono::nanoseconds quantile(double part) const noexcept;
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept {
        return std::chrono::nanoseconds(max_.load(std::memory_order_relaxed));
    }
    [[nodiscard]] std::uint64_t count() const noexcept;

    /// One writer needs no atomic addition.
    static void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) noexcept {
        counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
    }

  private:
    std::array<std::atomic<std::uint64_t>, kBuckets> buckets_{};
    std::atomic<std::uint64_t> max_{0};
};

/// What the input thread counts; written by it alone, readable by anyone.
struct InputMetrics {
    using Counter = std::atomic<std::uint64_t>;

    Counter wakeups{0};        ///< returns of epoll_wait
    Counter events_read{0};    ///< evdev events
    Counter events_dropped{0}; ///< SYN_DROPPED seen
    Counter flushes{0};        ///< batches handed to the active guest's socket
    Counter enters{0};
    Counter enters_failed{0};
    Counter leaves{0};
    Counter panic_chords{0};
    Counter leases_missed{0};
    Counter stalls{0};
    Counter keys_sent{0}; ///< as in core::ForwarderCounters, like the next three
    Counter buttons_sent{0};
    Counter motions_sent{0};
    Counter motions_merged{0};
    Counter motions_in_flight{0}; ///< gauge
    Counter enter_us{0};          ///< gauge: the last one, from command to grabbed
    Counter ungrab_us{0};         ///< gauge: the last one, from decision to ungrabbed
    Counter ungrab_max_us{0};
    Histogram latency; ///< from the event's time stamp to after the send, per batch
};

inline void count(InputMetrics::Counter& counter, std::uint64_t amount = 1) noexcept {
    Histogram::add(counter, amount);
}

} // namespace spicykvm::input
