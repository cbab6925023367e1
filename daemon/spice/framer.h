// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace spicykvm::spice {

/// Cuts the bytes of a linked channel into messages. Total: any bytes in any portions.
///
///     0        2            6              6 + size
///     | type   | size       | body ...     |          "mini header"; the only form taken
///
/// Only the first kKept bytes of a body are kept, the rest is drained: the server measures the
/// bandwidth with a ping of 256 000 bytes, of which the first 12 matter. So a decoder may get less
/// than `size` bytes, and must not take that for the whole.
class Framer {
  public:
    static constexpr std::size_t kHeaderSize = 6;
    static constexpr std::size_t kKept = 4096;
    /// The largest message of the channels here is that ping; more is not SPICE.
    static constexpr std::uint32_t kMaxSize = 1U << 20;

    struct Message {
        std::uint16_t type;
        std::uint32_t size;
        ByteSpan body; ///< at most kKept bytes, valid until the next call
    };

    /// Takes bytes off the front of `input`, at most to the end of a message. Nothing: `input` is
    /// used up.
    std::optional<Message> next(ByteSpan& input) noexcept;

    /// A header announced more than kMaxSize; nothing can be read any more.
    [[nodiscard]] bool broken() const noexcept { return broken_; }

  private:
    bool take_header(ByteSpan& input) noexcept;
    bool take_body(ByteSpan& input) noexcept;

    bool broken_ = false;
    std::uint16_t type_ = 0;
    std::uint32_t size_ = 0;
    std::size_t header_used_ = 0;
    std::size_t body_used_ = 0;
    std::array<std::uint8_t, kHeaderSize> header_{};
    std::array<std::uint8_t, kKept> body_{};
};

} // namespace spicykvm::spice
