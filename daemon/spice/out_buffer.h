// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spicykvm::spice {

/// Bytes waiting for a socket. Allocates once, in the constructor; a message goes in whole or not
/// at all, and one that did not fit makes it overflowed() for good: a hole in the stream can't be
/// repaired.
class OutBuffer {
  public:
    explicit OutBuffer(std::size_t capacity) : bytes_(capacity) {}

    void append(ByteSpan message) noexcept;
    [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

    [[nodiscard]] bool empty() const noexcept { return head_ == tail_; }
    [[nodiscard]] ByteSpan pending() const noexcept {
        return ByteSpan(bytes_).subspan(head_, tail_ - head_);
    }
    /// The first `count` bytes of pending() are gone.
    void consume(std::size_t count) noexcept;

  private:
    std::vector<std::uint8_t> bytes_;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
    bool overflowed_ = false;
};

} // namespace spicykvm::spice
