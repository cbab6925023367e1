// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/sound_streams.h"

#include "session/pipewire/stream_params.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace spicykvm::test {

namespace {

constexpr std::size_t kRoom = 48000 * 120;
constexpr std::size_t kStride = audio::kChannels * sizeof(float);

} // namespace

SoundStreamBase::SoundStreamBase(GraphClient& client, spa_direction direction,
                                 const std::string& name, const StreamProperties& properties)
    : client_(client), direction_(direction) {
    const GraphClient::Lock lock(client_);
    pw_properties* all = session::properties_of({name, name, name, "", 256}, direction);
    for (const auto& [key, value] : properties) {
        pw_properties_set(all, key.c_str(), value.c_str());
    }
    stream_.reset(pw_stream_new(client_.core(), name.c_str(), all));
}

void SoundStreamBase::connect() {
    static const pw_stream_events kEvents = [] {
        pw_stream_events events{};
        events.version = PW_VERSION_STREAM_EVENTS;
        events.process = [](void* self) { static_cast<SoundStreamBase*>(self)->process(); };
        return events;
    }();
    const GraphClient::Lock lock(client_);
    pw_stream_add_listener(stream_.get(), hook_.get(), &kEvents, this);
    session::ConnectParams params(audio::Nanoseconds(0));
    auto list = params.list();
    constexpr auto flags = static_cast<pw_stream_flags>(
        PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_RT_PROCESS);
    if (pw_stream_connect(stream_.get(), direction_, PW_ID_ANY, flags, list.data(), 1) < 0) {
        throw std::runtime_error("pw_stream_connect");
    }
}

void SoundStreamBase::disconnect() {
    const GraphClient::Lock lock(client_);
    pw_stream_disconnect(stream_.get()); // the data thread is out of process() then
    hook_.remove();
    stream_.reset();
}

void SoundStreamBase::process() {
    pw_buffer* buffer = pw_stream_dequeue_buffer(stream_.get());
    if (buffer == nullptr) {
        return;
    }
    pw_time time{};
    pw_stream_get_time_n(stream_.get(), &time, sizeof time);
    spa_data& data = buffer->buffer->datas[0];
    std::size_t frames = data.chunk->size / kStride;
    if (direction_ == SPA_DIRECTION_OUTPUT) {
        frames = std::min<std::size_t>(buffer->requested, data.maxsize / kStride);
        data.chunk->offset = 0;
        data.chunk->stride = static_cast<std::int32_t>(kStride);
        data.chunk->size = static_cast<std::uint32_t>(frames * kStride);
    }
    process({static_cast<float*>(data.data), frames * audio::kChannels},
            TimePoint(audio::Nanoseconds(time.now)), static_cast<audio::Frames>(time.ticks));
    pw_stream_queue_buffer(stream_.get(), buffer);
}

Recorder::Recorder(GraphClient& client, const std::string& name, const StreamProperties& properties)
    : SoundStreamBase(client, SPA_DIRECTION_INPUT, name, properties), samples_(kRoom),
      blocks_(kRoom / 32) {
    connect();
}

Recorder::~Recorder() {
    disconnect();
}

std::vector<float> Recorder::samples(std::size_t begin) const {
    const auto first = samples_.begin() + static_cast<std::ptrdiff_t>(begin);
    return {first, samples_.begin() + static_cast<std::ptrdiff_t>(size())};
}

std::vector<Recorder::Block> Recorder::blocks() const {
    return {blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(block_count_.load())};
}

TimePoint Recorder::time_of(std::size_t index) const {
    for (const Block& block : blocks()) {
        const auto end = block.begin + static_cast<std::size_t>(block.frames);
        if (index < end) {
            return block.end - audio::duration_of(static_cast<audio::Frames>(end - index));
        }
    }
    throw std::out_of_range("not recorded yet");
}

unsigned Recorder::gaps(std::size_t begin) const {
    unsigned gaps = 0;
    const auto all = blocks();
    for (std::size_t i = 1; i < all.size(); ++i) {
        // In time, for ticks are of the graph's rate.
        const auto advance = all[i].end - all[i - 1].end;
        const bool is_missed = advance > audio::duration_of(all[i].frames) * 3 / 2;
        gaps += is_missed && all[i].begin >= begin ? 1 : 0;
    }
    return gaps;
}

void Recorder::process(std::span<float> interleaved, TimePoint now, audio::Frames ticks) {
    const std::size_t begin = size_.load(std::memory_order_relaxed);
    const std::size_t count = block_count_.load(std::memory_order_relaxed);
    const std::size_t frames =
        std::min(interleaved.size() / audio::kChannels, samples_.size() - begin);
    if (frames == 0 || count == blocks_.size()) {
        return;
    }
    for (std::size_t i = 0; i < frames; ++i) {
        samples_[begin + i] = interleaved[i * audio::kChannels];
    }
    blocks_[count] = {begin, static_cast<audio::Frames>(frames), now, ticks};
    block_count_.store(count + 1);
    size_.store(begin + frames);
}

TonePlayer::TonePlayer(GraphClient& client, const std::string& name, double frequency,
                       const StreamProperties& properties)
    : SoundStreamBase(client, SPA_DIRECTION_OUTPUT, name, properties), step_(frequency / 48000) {
    connect();
}

TonePlayer::~TonePlayer() {
    disconnect();
}

void TonePlayer::process(std::span<float> interleaved, TimePoint, audio::Frames) {
    for (std::size_t i = 0; i < interleaved.size(); i += audio::kChannels) {
        const double value = 0.5 * std::sin(2 * std::numbers::pi * phase_);
        interleaved[i] = interleaved[i + 1] = static_cast<float>(value);
        phase_ = std::fmod(phase_ + step_, 1.0);
    }
}

} // namespace spicykvm::test
