// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/lateness.h"
#include "session/sound_server.h"
#include "session/spice/playback_reader.h"
#include "session/spice/record_reader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spicykvm::session {

/// What Report() of org.spicykvm.Audio tells of a channel; the names are its keys.
struct ChannelReport {
    std::string state; ///< "idle", "running", "muted", "waiting"
    std::string problem;
    std::string hint;
    std::string node;
    std::optional<std::uint32_t> latency_target_us;
    std::optional<std::uint32_t> latency_us;
    std::uint32_t quantum = 0;
    double drift_ppm = 0;
    struct Lateness {
        audio::Percentiles vm;
        audio::Percentiles transport;
        audio::Percentiles scheduler;
        bool operator==(const Lateness&) const = default;
    };
    std::optional<Lateness> lateness;
    std::optional<std::uint32_t> tick_us;
    std::uint64_t underruns = 0;
    std::uint64_t skips = 0;
    std::uint64_t silence_ms = 0;

    bool operator==(const ChannelReport&) const = default;
};

/// `audible`: not silenced because keyboard and mouse are elsewhere.
[[nodiscard]] ChannelReport report_of(const PlaybackState& state, const StreamStatus& stream,
                                      bool audible);
/// `stream`: null while the microphone is closed. `allowed`: by the policy.
[[nodiscard]] ChannelReport report_of(const RecordState& state, const StreamStatus* stream,
                                      bool allowed);

/// The state and what is wrong: what is told at once, not within the second.
[[nodiscard]] inline bool same_state(const ChannelReport& a, const ChannelReport& b) noexcept {
    return a.state == b.state && a.problem == b.problem;
}

} // namespace spicykvm::session
