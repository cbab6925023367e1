// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/channel_report.h"

#include <algorithm>
#include <limits>

namespace spicykvm::session {

namespace {

std::uint32_t to_u32(std::int64_t value) {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(value, 0, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t in_us(audio::Nanoseconds time) {
    return to_u32(std::chrono::duration_cast<Microseconds>(time).count());
}

const char* state_word(bool wanted, bool audible, StreamState stream) {
    if (!wanted) {
        return "idle";
    }
    if (!audible) {
        return "muted";
    }
    return stream == StreamState::Waiting ? "waiting" : "running";
}

void add_stream(ChannelReport& report, const StreamStatus& stream) {
    if (report.problem.empty()) {
        report.problem = stream.problem;
    }
    report.quantum = to_u32(stream.quantum);
    report.drift_ppm = stream.device_ppm;
    report.underruns = stream.underruns;
    report.skips = stream.skips;
    report.silence_ms = static_cast<std::uint64_t>(std::max<audio::Frames>(stream.silence, 0)) *
                        1000 / static_cast<std::uint64_t>(audio::kRate);
}

/// p99.9 of the device thread is not kept: the maximum is no smaller.
audio::Percentiles scheduler_of(const StreamStatus& stream) {
    return {stream.scheduler_late_p50, stream.scheduler_late_p99, stream.scheduler_late_max,
            stream.scheduler_late_max};
}

} // namespace

ChannelReport report_of(const PlaybackState& state, const StreamStatus& stream, bool audible) {
    ChannelReport report;
    report.state = state_word(state.playing, audible, stream.state);
    report.problem = problem_of(state);
    add_stream(report, stream);
    report.hint = audio::timer_hint(state.lateness.tick);
    report.latency_target_us = in_us(state.delay);
    report.latency_us = in_us(stream.latency);
    report.lateness = {state.lateness.vm, state.lateness.transport, scheduler_of(stream)};
    if (state.lateness.tick.count() > 0) {
        report.tick_us = in_us(state.lateness.tick);
    }
    return report;
}

ChannelReport report_of(const RecordState& state, const StreamStatus* stream, bool allowed) {
    ChannelReport report;
    report.state = state_word(state.recording, allowed,
                              stream == nullptr ? StreamState::Waiting : stream->state);
    report.problem = problem_of(state);
    if (stream != nullptr) {
        add_stream(report, *stream);
    }
    return report;
}

} // namespace spicykvm::session
