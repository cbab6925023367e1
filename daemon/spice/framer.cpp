// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/framer.h"

#include <algorithm>

namespace spicykvm::spice {

std::optional<Framer::Message> Framer::next(ByteSpan& input) noexcept {
    if (broken_ || !take_header(input) || !take_body(input)) {
        if (broken_) {
            input = {};
        }
        return std::nullopt;
    }
    header_used_ = 0;
    body_used_ = 0;
    return Message{type_, size_, ByteSpan(body_).first(std::min<std::size_t>(size_, kKept))};
}

bool Framer::take_header(ByteSpan& input) noexcept {
    if (header_used_ == kHeaderSize) {
        return true;
    }
    const std::size_t taken = std::min(input.size(), kHeaderSize - header_used_);
    std::copy_n(input.begin(), taken, header_.begin() + static_cast<std::ptrdiff_t>(header_used_));
    header_used_ += taken;
    input = input.subspan(taken);
    if (header_used_ < kHeaderSize) {
        return false;
    }
    ByteReader reader(header_);
    type_ = reader.u16();
    size_ = reader.u32();
    broken_ = size_ > kMaxSize;
    return !broken_;
}

bool Framer::take_body(ByteSpan& input) noexcept {
    const std::size_t taken = std::min<std::size_t>(input.size(), size_ - body_used_);
    if (body_used_ < kKept) {
        const std::size_t kept = std::min(taken, kKept - body_used_);
        std::copy_n(input.begin(), kept, body_.begin() + static_cast<std::ptrdiff_t>(body_used_));
    }
    body_used_ += taken;
    input = input.subspan(taken);
    return body_used_ == size_;
}

} // namespace spicykvm::spice
