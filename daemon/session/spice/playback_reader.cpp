// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/playback_reader.h"

namespace spicykvm::session {

std::string problem_of(const PlaybackState& state) {
    if (state.refused.channels != 0 || state.refused.frequency != 0) {
        return "the VM plays in a format that is not supported: " +
               std::to_string(state.refused.channels) + " channels, " +
               std::to_string(state.refused.frequency) + " Hz, SPICE format " +
               std::to_string(state.refused.format) + "; allowed: 2 channels, 48000 Hz, 1 (S16)";
    }
    if (state.mode != SPICE_AUDIO_DATA_MODE_RAW) {
        return "the VM sends its sound compressed (SPICE mode " + std::to_string(state.mode) +
               "); allowed: 1 (raw)";
    }
    return {};
}

bool PlaybackReader::feed(ByteSpan bytes, TimePoint arrival) noexcept {
    while (const auto message = framer_.next(bytes)) {
        if (!take(*message, arrival)) {
            return false;
        }
    }
    if (framer_.broken()) {
        error_ = "a message of more than 1 MiB";
    }
    return !framer_.broken();
}

bool PlaybackReader::take(const spice::Framer::Message& message, TimePoint arrival) noexcept {
    using Outcome = spice::CommonMessages::Outcome;
    const Outcome outcome = common_.take(message);
    const bool good =
        outcome == Outcome::NotCommon ? take_own(message, arrival) : outcome == Outcome::Handled;
    if (!good && error_.empty()) {
        error_ = "a message that is too short";
    }
    return good;
}

bool PlaybackReader::take_own(const spice::Framer::Message& message, TimePoint arrival) noexcept {
    switch (message.type) {
    case SPICE_MSG_PLAYBACK_DATA:
        return take_data(message, arrival);
    case SPICE_MSG_PLAYBACK_MODE:
        if (const auto mode = PlaybackMode::parse(message.body)) {
            changes_ += mode_ != mode->mode ? 1 : 0;
            mode_ = mode->mode;
            return true;
        }
        return false;
    case SPICE_MSG_PLAYBACK_START:
        if (const auto message_start = PlaybackStart::parse(message.body)) {
            start(*message_start);
            return true;
        }
        return false;
    case SPICE_MSG_PLAYBACK_STOP:
        source_.on_stop();
        format_ = {};
        ++changes_;
        return true;
    case SPICE_MSG_PLAYBACK_VOLUME:
        if (const auto volume = AudioVolume::parse(message.body)) {
            source_.on_volume(volume->get());
            return true;
        }
        return false;
    case SPICE_MSG_PLAYBACK_MUTE:
        if (const auto mute = AudioMute::parse(message.body)) {
            source_.on_mute(mute->mute);
            return true;
        }
        return false;
    default:
        // A newer server may say more than is known here.
        return true;
    }
}

void PlaybackReader::start(const PlaybackStart& start) noexcept {
    format_ = {start.channels, start.format, start.frequency, start.time};
    (void)source_.on_start(format_);
    left_out_ = false;
    ++changes_;
}

bool PlaybackReader::is_stale(std::uint32_t time, TimePoint arrival) const noexcept {
    return !is_drained_ ||
           (same_clock_ && !is_fresh_ && audio::age_of_stamp(time, arrival) > kStale);
}

bool PlaybackReader::take_data(const spice::Framer::Message& message, TimePoint arrival) noexcept {
    if (message.size > spice::Framer::kKept) {
        error_ = "a packet of more sound than a SPICE server sends at once";
        return false;
    }
    const auto data = PlaybackData::parse(message.body);
    if (!data) {
        return false;
    }
    if (mode_ != SPICE_AUDIO_DATA_MODE_RAW) {
        return true;
    }
    if (is_stale(data->time, arrival)) {
        left_out_ = true;
        return true;
    }
    is_fresh_ = true;
    if (left_out_ && source_.arrivals().open()) {
        // For us the stream begins here: by the time of its real start, this packet would be late.
        format_.time = data->time;
        (void)source_.on_start(format_);
        left_out_ = false;
    }
    const std::uint64_t taken = source_.arrivals().counters().packets;
    source_.on_data(arrival, data->time, data->samples);
    const audio::Arrivals& arrivals = source_.arrivals();
    if (arrivals.counters().packets != taken) {
        const auto frames = static_cast<audio::Frames>(data->samples.size() / 4);
        const TimePoint due =
            arrivals.timeline().origin + audio::duration_of(arrivals.end() - frames);
        lateness_.on_packet(arrival, data->time, due, arrivals.same_host());
    }
    return true;
}

PlaybackState PlaybackReader::state() const noexcept {
    const audio::Arrivals& arrivals = source_.arrivals();
    PlaybackState state;
    state.playing = arrivals.open() && mode_ == SPICE_AUDIO_DATA_MODE_RAW;
    state.mode = mode_;
    state.refused = arrivals.open() ? audio::StreamFormat{} : format_;
    state.same_host = arrivals.same_host();
    state.jitter = arrivals.policy().jitter();
    state.delay = arrivals.policy().delay();
    state.lateness = lateness_.report();
    return state;
}

} // namespace spicykvm::session
