// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/record_pacer.h"

#include <algorithm>

namespace spicykvm::audio {

void RecordPacer::start() noexcept {
    state_ = State::Opening;
    silence_left_ = kGate;
    sent_ = 0;
    queued_ = 0;
}

double RecordPacer::level(TimePoint now) const noexcept {
    // An empty queue stays empty: QEMU hears silence, and does not come back for more.
    return std::max(0.0, queued_ - frames_in(now - as_of_));
}

RecordPacer::Chunk RecordPacer::next(TimePoint now, Frames recorded, Frames quantum) noexcept {
    switch (state_) {
    case State::Closed:
        return {};
    case State::Opening:
        return open(now);
    case State::Waiting:
        if (wanted(now, quantum) <= 0) {
            return {};
        }
        state_ = State::Live;
        next_ = recorded - wanted(now, quantum);
        [[fallthrough]];
    case State::Live:
        return send(now, recorded, quantum);
    }
    return {};
}

RecordPacer::Chunk RecordPacer::open(TimePoint now) noexcept {
    if (silence_left_ == kGate) {
        // QEMU may have read last up to a tick ago, and reads for all of the time since.
        queued_ = level(now) - (sent_ == 0 ? frames_in(tick_) : 0);
        as_of_ = now;
    }
    const Frames frames = std::min(silence_left_, kPacketFrames);
    silence_left_ -= frames;
    sent_ += frames;
    queued_ += static_cast<double>(frames);
    if (silence_left_ == 0) {
        state_ = State::Waiting;
    }
    return {0, frames, true};
}

/// How many frames the queue is short of what it needs after a block came.
Frames RecordPacer::wanted(TimePoint now, Frames quantum) const noexcept {
    return kReserve + quantum - static_cast<Frames>(level(now));
}

RecordPacer::Chunk RecordPacer::send(TimePoint now, Frames recorded, Frames quantum) noexcept {
    const Frames wanted = this->wanted(now, quantum);
    Frames waiting = recorded - next_;
    if (waiting > wanted + kTolerance) {
        next_ = recorded - std::max<Frames>(wanted, 0);
        dropped_ += waiting - (recorded - next_);
        waiting = recorded - next_;
    }
    if (waiting <= 0) {
        return {};
    }
    // After a pause the queue is empty: its reserve comes first.
    const bool refills = level(now) <= 0 && wanted > waiting;
    Frames frames = std::min(refills ? wanted - waiting : waiting, kPacketFrames);
    if (sent_ / kWrap != (sent_ + frames) / kWrap) {
        frames = kWrap - sent_ % kWrap;
        state_ = State::Opening;
        silence_left_ = kGate;
    }
    queued_ = level(now) + static_cast<double>(frames);
    as_of_ = now;
    sent_ += frames;
    next_ += refills ? 0 : frames;
    return {next_ - frames, frames, refills};
}

} // namespace spicykvm::audio
