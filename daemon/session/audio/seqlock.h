// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace spicykvm::audio {

/// A small value that one thread publishes and another one reads, neither ever waiting. The words
/// are atomics, so that a read across a write is no data race; it is noticed and tried again.
template <typename T>
class Seqlock {
    static_assert(std::is_trivially_copyable_v<T>);
    static constexpr std::size_t kWords = (sizeof(T) + 7) / 8;
    using Words = std::array<std::uint64_t, kWords>;

  public:
    static constexpr unsigned kTries = 4;

    /// Writing thread.
    void store(const T& value) noexcept {
        Words words{};
        std::memcpy(words.data(), &value, sizeof value);
        const std::uint32_t before = version_.load(std::memory_order_relaxed);
        version_.store(before + 1, std::memory_order_relaxed);
        for (std::size_t i = 0; i < kWords; ++i) {
            // A reader that sees this word sees the odd version, too.
            words_[i].store(words[i], std::memory_order_release);
        }
        version_.store(before + 2, std::memory_order_release);
    }

    /// Reading thread. False, and `value` untouched, if every try met a write or nothing was ever
    /// stored: then what was read last is still good.
    bool load(T& value) const noexcept {
        for (unsigned i = 0; i < kTries; ++i) {
            const std::uint32_t before = version_.load(std::memory_order_acquire);
            Words words;
            for (std::size_t k = 0; k < kWords; ++k) {
                words[k] = words_[k].load(std::memory_order_acquire);
            }
            const std::uint32_t after = version_.load(std::memory_order_relaxed);
            if (before == after && before % 2 == 0 && before != 0) {
                std::memcpy(static_cast<void*>(&value), words.data(), sizeof value);
                return true;
            }
        }
        return false;
    }

  private:
    std::atomic<std::uint32_t> version_{0};
    std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

} // namespace spicykvm::audio
