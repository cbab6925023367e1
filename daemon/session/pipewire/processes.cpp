// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The data thread's halves: no allocation, lock, log, or system call but the clock's and the one
// that wakes up the reader of a microphone.
#include "session/pipewire/streams.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <unistd.h>

namespace spicykvm::session {

namespace {

constexpr std::size_t kStride = audio::kChannels * sizeof(float);

pw_time time_of(pw_stream& stream) noexcept {
    pw_time time{};
    if (pw_stream_get_time_n(&stream, &time, sizeof time) < 0) {
        time = {};
    }
    return time;
}

GraphTime graph_time(const pw_time& time) noexcept {
    // 1/48000 everywhere so far; anything else is not understood rather than misunderstood.
    const bool is_known = time.now > 0 && time.rate.num == 1;
    return {TimePoint(audio::Nanoseconds(time.now)), static_cast<audio::Frames>(time.ticks),
            is_known ? time.rate.denom : 0};
}

/// How many frames a cycle wants; 0: nobody knows.
std::uint64_t wanted(const pw_buffer& buffer, const pw_time& time) noexcept {
#if PW_CHECK_VERSION(1, 1, 0)
    return buffer.requested > 0 ? buffer.requested : time.size;
#else
    (void)time;
    return buffer.requested;
#endif
}

void set_size(pw_buffer& buffer, std::size_t frames) noexcept {
    spa_chunk& chunk = *buffer.buffer->datas[0].chunk;
    chunk.offset = 0;
    chunk.stride = static_cast<std::int32_t>(kStride);
    chunk.size = static_cast<std::uint32_t>(frames * kStride);
    buffer.size = frames;
}

StreamFigures latest(const audio::Seqlock<StreamFigures>& shared) noexcept {
    constexpr unsigned kLoads = 100; // a store is over long before; or nothing was ever stored
    StreamFigures figures;
    for (unsigned i = 0; i < kLoads && !shared.load(figures); ++i) {
    }
    return figures;
}

} // namespace

void PlaybackProcess::process(pw_stream& stream) noexcept {
    pw_buffer* buffer = pw_stream_dequeue_buffer(&stream);
    if (buffer == nullptr) {
        return;
    }
    const spa_data& data = buffer->buffer->datas[0];
    const pw_time time = time_of(stream);
    std::uint64_t frames = wanted(*buffer, time);
    frames = frames > 0 ? frames : static_cast<std::uint64_t>(quantum_);
    const std::size_t room = data.data != nullptr ? data.maxsize / kStride : 0;
    const auto count = static_cast<audio::Frames>(std::min<std::uint64_t>(frames, room));

    const std::span output(static_cast<float*>(data.data), room * audio::kChannels);
    const audio::Pull pull = meter_.request(graph_time(time), Clock::now(), count);
    set_size(*buffer, static_cast<std::size_t>(sink_.pull(pull, output)));
    pw_stream_queue_buffer(&stream, buffer);
    publish();
}

void PlaybackProcess::publish() noexcept {
    const audio::Playout& playout = sink_.playout();
    const audio::Playout::Counters& counters = playout.counters();
    figures_.store({meter_.quantum(), playout.clock().rate(), playout.ratio(), sink_.delay(),
                    meter_.lateness().figures(), counters.underruns, counters.skips,
                    counters.silent, meter_.gaps()});
}

StreamFigures PlaybackProcess::figures() const noexcept {
    return latest(figures_);
}

void CaptureProcess::process(pw_stream& stream) noexcept {
    bool pushed = false;
    while (pw_buffer* buffer = pw_stream_dequeue_buffer(&stream)) {
        pushed = push(stream, *buffer) || pushed;
        pw_stream_queue_buffer(&stream, buffer);
    }
    if (pushed) {
        publish();
        const std::uint64_t one = 1;
        // Full: the reader has been told often enough.
        (void)!::write(recorded_, &one, sizeof one);
    }
}

bool CaptureProcess::push(pw_stream& stream, const pw_buffer& buffer) noexcept {
    const spa_data& data = buffer.buffer->datas[0];
    if (data.data == nullptr || data.chunk == nullptr) {
        return false;
    }
    const std::uint32_t offset = std::min(data.chunk->offset, data.maxsize);
    const std::size_t frames = std::min(data.chunk->size, data.maxsize - offset) / kStride;
    if (frames == 0 || offset % sizeof(float) != 0) {
        return false;
    }
    const auto* samples =
        reinterpret_cast<const float*>(static_cast<const std::byte*>(data.data) + offset);
    const audio::Pull block = meter_.request(graph_time(time_of(stream)), Clock::now(),
                                             static_cast<audio::Frames>(frames));
    capture_.push(block, {samples, frames * audio::kChannels});
    return true;
}

void CaptureProcess::publish() noexcept {
    StreamFigures figures;
    figures.quantum = meter_.quantum();
    figures.device_rate = capture_.clock().clock().rate();
    figures.ratio = capture_.clock().ratio();
    figures.late = meter_.lateness().figures();
    figures.graph_gaps = meter_.gaps();
    figures_.store(figures);
}

StreamFigures CaptureProcess::figures() const noexcept {
    return latest(figures_);
}

} // namespace spicykvm::session
