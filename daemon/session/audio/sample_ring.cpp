// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/sample_ring.h"

#include <algorithm>

namespace spicykvm::audio {

void SampleRing::write(std::span<const PackedFrame> frames) noexcept {
    const Frames begin = end_.load(std::memory_order_relaxed);
    const Frames end = begin + static_cast<Frames>(frames.size());
    writing_.store(end, std::memory_order_relaxed);
    for (Frames position = std::max(begin, end - kCapacity); position < end; ++position) {
        // Release: who sees this frame sees `writing_`, too.
        slots_[slot(position)].store(frames[static_cast<std::size_t>(position - begin)],
                                     std::memory_order_release);
    }
    end_.store(end, std::memory_order_release);
}

void SampleRing::write_silence(Frames frames) noexcept {
    const Frames begin = end_.load(std::memory_order_relaxed);
    const Frames end = begin + std::max<Frames>(frames, 0);
    writing_.store(end, std::memory_order_relaxed);
    for (Frames position = std::max(begin, end - kCapacity); position < end; ++position) {
        slots_[slot(position)].store(0, std::memory_order_release);
    }
    end_.store(end, std::memory_order_release);
}

bool SampleRing::read(Frames position, std::span<PackedFrame> frames) const noexcept {
    const Frames end = this->end();
    const Frames oldest = std::max<Frames>(end - kCapacity, 0);
    for (PackedFrame& frame : frames) {
        const bool there = position >= oldest && position < end;
        frame = there ? slots_[slot(position)].load(std::memory_order_acquire) : 0;
        ++position;
    }
    const Frames first = std::max(position - static_cast<Frames>(frames.size()), oldest);
    return first >= writing_.load(std::memory_order_relaxed) - kCapacity;
}

} // namespace spicykvm::audio
