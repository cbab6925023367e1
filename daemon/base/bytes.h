// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace spicykvm {

using ByteSpan = std::span<const std::uint8_t>;

/// Cursor over foreign bytes, little-endian, total: reading past the end gives zeros and makes
/// `ok()` false for good. So a decoder reads all its fields and asks once.
class ByteReader {
  public:
    explicit ByteReader(ByteSpan bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t remaining() const noexcept { return rest_.size(); }

    std::uint8_t u8() noexcept { return integer<std::uint8_t>(); }
    std::uint16_t u16() noexcept { return integer<std::uint16_t>(); }
    std::uint32_t u32() noexcept { return integer<std::uint32_t>(); }
    std::uint64_t u64() noexcept { return integer<std::uint64_t>(); }

    /// The next `count` bytes, or an empty span (and not ok) if there are fewer.
    ByteSpan bytes(std::size_t count) noexcept {
        if (count > rest_.size()) {
            ok_ = false;
            rest_ = {};
            return {};
        }
        const ByteSpan taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

  private:
    template <typename T>
    T integer() noexcept {
        const ByteSpan taken = bytes(sizeof(T));
        T value = 0;
        for (std::size_t i = taken.size(); i-- > 0;) {
            value = static_cast<T>((static_cast<std::uint64_t>(value) << 8) | taken[i]);
        }
        return value;
    }

    ByteSpan rest_;
    bool ok_ = true;
};

/// Appends little-endian values to a caller's buffer; never allocates. Writing past the end makes
/// `ok()` false.
class ByteWriter {
  public:
    explicit ByteWriter(std::span<std::uint8_t> buffer) noexcept : buffer_(buffer) {}

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] std::size_t size() const noexcept { return used_; }
    [[nodiscard]] ByteSpan written() const noexcept { return buffer_.first(used_); }

    ByteWriter& u8(std::uint8_t value) noexcept { return integer(value); }
    ByteWriter& u16(std::uint16_t value) noexcept { return integer(value); }
    ByteWriter& u32(std::uint32_t value) noexcept { return integer(value); }
    ByteWriter& u64(std::uint64_t value) noexcept { return integer(value); }
    ByteWriter& i32(std::int32_t value) noexcept {
        return integer(static_cast<std::uint32_t>(value));
    }

    ByteWriter& bytes(ByteSpan source) noexcept {
        if (source.size() > buffer_.size() - used_) {
            ok_ = false;
            return *this;
        }
        if (!source.empty()) {
            std::memcpy(buffer_.data() + used_, source.data(), source.size());
            used_ += source.size();
        }
        return *this;
    }

  private:
    template <typename T>
    ByteWriter& integer(T value) noexcept {
        std::uint8_t raw[sizeof(T)];
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            raw[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i));
        }
        return bytes(raw);
    }

    std::span<std::uint8_t> buffer_;
    std::size_t used_ = 0;
    bool ok_ = true;
};

} // namespace spicykvm
