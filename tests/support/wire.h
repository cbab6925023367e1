// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace spicykvm::test {

using Bytes = std::vector<std::uint8_t>;

/// Bytes as a peer would send them, put together without the daemon's own encoders.
class Wire {
  public:
    Wire& u8(std::uint8_t value) { return integer(value, 1); }
    Wire& u16(std::uint16_t value) { return integer(value, 2); }
    Wire& u32(std::uint32_t value) { return integer(value, 4); }
    Wire& u64(std::uint64_t value) { return integer(value, 8); }
    Wire& bytes(ByteSpan bytes) {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Wire& text(std::string_view text) {
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        return *this;
    }
    Wire& fill(std::size_t count, std::uint8_t value) {
        bytes_.insert(bytes_.end(), count, value);
        return *this;
    }
    /// A whole message: mini header and body.
    Wire& message(std::uint16_t type, ByteSpan body = {}) {
        return u16(type).u32(static_cast<std::uint32_t>(body.size())).bytes(body);
    }

    [[nodiscard]] const Bytes& get() const { return bytes_; }
    operator ByteSpan() const { return bytes_; } // NOLINT: as convenient as a vector

  private:
    Wire& integer(std::uint64_t value, unsigned size) {
        for (unsigned i = 0; i < size; ++i) {
            bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        }
        return *this;
    }

    Bytes bytes_;
};

inline Bytes to_bytes(ByteSpan span) {
    return {span.begin(), span.end()};
}

} // namespace spicykvm::test
