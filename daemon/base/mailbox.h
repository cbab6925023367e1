// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace spicykvm {

/// Bounded queue from exactly one thread to exactly one other, with a descriptor to poll. Neither
/// side locks or allocates, so that the real-time side never waits for the other.
template <typename T, std::size_t Capacity>
class Mailbox {
    static_assert((Capacity & (Capacity - 1)) == 0, "a power of two");

  public:
    Mailbox() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (!wake_.valid()) {
            throw std::system_error(errno, std::generic_category(), "eventfd");
        }
    }

    /// Readable when values may be waiting.
    [[nodiscard]] int fd() const noexcept { return wake_.get(); }

    /// Sending thread. False (and `value` untouched) when the queue is full.
    [[nodiscard]] bool send(T&& value) noexcept {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        if (tail - head_.load(std::memory_order_acquire) == Capacity) {
            return false;
        }
        slots_[tail % Capacity] = std::move(value);
        tail_.store(tail + 1, std::memory_order_release);
        const std::uint64_t one = 1;
        (void)!::write(wake_.get(), &one,
                       sizeof one); // full counter: the receiver is awake already
        return true;
    }

    /// Receiving thread: clears the descriptor. Call before receive(), so that no wake-up is lost.
    void acknowledge() noexcept {
        std::uint64_t count = 0;
        (void)!::read(wake_.get(), &count, sizeof count);
    }

    /// Receiving thread: the oldest value.
    [[nodiscard]] std::optional<T> receive() noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        if (head == tail_.load(std::memory_order_acquire)) {
            return std::nullopt;
        }
        std::optional<T> value(std::move(slots_[head % Capacity]));
        head_.store(head + 1, std::memory_order_release);
        return value;
    }

  private:
    Fd wake_;
    std::array<T, Capacity> slots_{};
    alignas(64) std::atomic<std::size_t> head_{0};
    alignas(64) std::atomic<std::size_t> tail_{0};
};

} // namespace spicykvm
