// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/record_sender.h"

#include <algorithm>

namespace spicykvm::session {

namespace {

/// Frames of spice-server's ring for what is recorded. Where one message goes over its end, Debian
/// 12's version goes on at a wrong byte of the message (snd_record_handle_write(); mended since): a
/// burst of noise, each time around.
constexpr std::size_t kServerRing = 8192;

/// As the server's own stamps; it does not read ours.
std::uint32_t stamp(TimePoint now) noexcept {
    const auto ms = std::chrono::duration_cast<Milliseconds>(now.time_since_epoch()).count();
    return static_cast<std::uint32_t>(ms);
}

} // namespace

void RecordSender::start() noexcept {
    recording_ = true;
    introduced_ = false;
    sent_ = 0;
}

void RecordSender::stop() noexcept {
    recording_ = false;
    pacer_.stop();
}

void RecordSender::introduce(std::uint32_t time) noexcept {
    out_.append(encode_record_mode(time, SPICE_AUDIO_DATA_MODE_RAW));
    out_.append(encode_record_start_mark(time));
    introduced_ = true;
    pacer_.start();
}

void RecordSender::pump(TimePoint now) noexcept {
    if (!recording_ || !out_.empty()) {
        return;
    }
    const audio::Frames recorded = shared_.ring.end();
    if (introduced_ && recorded == seen_) {
        return; // the pacer counts on a new block
    }
    seen_ = recorded;
    const std::uint32_t time = stamp(now);
    if (!introduced_) {
        introduce(time);
    }
    const audio::Frames quantum = shared_.quantum.load(std::memory_order_relaxed);
    for (;;) {
        const auto chunk = pacer_.next(now, recorded, quantum);
        if (chunk.frames <= 0) {
            return;
        }
        std::array<audio::PackedFrame, RecordData::kMaxFrames> frames{};
        const auto used = std::span(frames).first(static_cast<std::size_t>(chunk.frames));
        if (!chunk.silent) {
            (void)shared_.ring.read(chunk.from, used); // overtaken: newer sound is no harm
        }
        append(time, used);
    }
}

void RecordSender::append(std::uint32_t time, std::span<const audio::PackedFrame> frames) noexcept {
    while (!frames.empty()) {
        const auto part = frames.first(std::min(frames.size(), kServerRing - sent_ % kServerRing));
        out_.append(packet_.encode(time, part));
        sent_ += part.size();
        frames = frames.subspan(part.size());
    }
}

} // namespace spicykvm::session
