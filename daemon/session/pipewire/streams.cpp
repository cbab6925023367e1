// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/streams.h"

#include <utility>

namespace spicykvm::session {

namespace {

constexpr Microseconds kLookAtLatency{1'000'000};

Microseconds rounded(audio::Nanoseconds duration) noexcept {
    return std::chrono::round<Microseconds>(duration);
}

StreamStatus status_of(const StreamNode& node, const StreamFigures& figures) {
    StreamStatus status;
    status.state = node.state();
    status.problem = node.problem();
    status.quantum = figures.quantum;
    status.device_ppm = (figures.device_rate - 1) * 1e6;
    status.ratio_ppm = (figures.ratio - 1) * 1e6;
    status.latency = rounded(figures.latency);
    status.scheduler_late_p50 = rounded(figures.late.p50);
    status.scheduler_late_p99 = rounded(figures.late.p99);
    status.scheduler_late_max = rounded(figures.late.max);
    status.underruns = figures.underruns;
    status.skips = figures.skips;
    status.silence = figures.silence;
    status.graph_gaps = figures.graph_gaps;
    status.reconnections = node.reconnections();
    return status;
}

} // namespace

PlaybackStream::PlaybackStream(Hub& hub, const StreamSettings& settings,
                               audio::PlaybackShared& shared, std::function<void()> changed)
    : process_(shared, settings.quantum), latency_timer_(hub.loop, [this] { look_at_latency(); }),
      node_(hub, SPA_DIRECTION_OUTPUT, settings, process_, std::move(changed)) {}

void PlaybackStream::set_active(bool active) {
    node_.set_active(active);
    if (!active) {
        latency_timer_.disarm();
    } else if (!latency_timer_.armed()) {
        latency_timer_.arm_after(kLookAtLatency);
    }
}

void PlaybackStream::look_at_latency() {
    latency_timer_.arm_after(kLookAtLatency);
    const audio::Nanoseconds latency = kPacket + process_.figures().latency;
    if (latency > published_ + kLatencyStep || latency + kLatencyStep < published_) {
        published_ = latency;
        node_.set_latency(latency);
    }
}

StreamStatus PlaybackStream::status() const {
    return status_of(node_, process_.figures());
}

CaptureStream::CaptureStream(Hub& hub, const StreamSettings& settings, audio::RecordShared& shared,
                             std::function<void()> changed, int recorded)
    : process_(shared, recorded),
      node_(hub, SPA_DIRECTION_INPUT, settings, process_, std::move(changed)) {}

StreamStatus CaptureStream::status() const {
    return status_of(node_, process_.figures());
}

} // namespace spicykvm::session
