// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/out_buffer.h"

#include <cstring>

namespace spicykvm::spice {

void OutBuffer::append(ByteSpan message) noexcept {
    if (message.size() > bytes_.size() - tail_ && head_ > 0) {
        std::memmove(bytes_.data(), bytes_.data() + head_, tail_ - head_);
        tail_ -= head_;
        head_ = 0;
    }
    if (overflowed_ || message.size() > bytes_.size() - tail_) {
        overflowed_ = true;
        return;
    }
    if (!message.empty()) {
        std::memcpy(bytes_.data() + tail_, message.data(), message.size());
        tail_ += message.size();
    }
}

void OutBuffer::consume(std::size_t count) noexcept {
    head_ += count;
    if (head_ == tail_) {
        head_ = 0;
        tail_ = 0;
    }
}

} // namespace spicykvm::spice
