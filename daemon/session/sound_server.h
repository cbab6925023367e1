// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "session/audio/playback.h"
#include "session/audio/record.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace spicykvm::session {

/// How a stream presents itself to the user and to the session manager.
struct StreamSettings {
    std::string node_name;   ///< unique per target and direction: "spicykvm.win11.playback"
    std::string application; ///< what the volume that the user sets is remembered by
    std::string description; ///< for people
    std::string device;      ///< node.name or object.serial; empty: the default, and it is followed
    audio::Frames quantum = 256; ///< asked for; the graph may have a smaller or a larger one

    bool operator==(const StreamSettings&) const = default;
};

enum class StreamState : std::uint8_t {
    Waiting, ///< for the sound server, or for a device
    Corked,
    Running,
};

/// A stream as it is now. Counters go on over reconnections.
struct StreamStatus {
    StreamState state = StreamState::Waiting;
    std::string problem; ///< one line; empty: nothing is wrong
    audio::Frames quantum = 0;
    double device_ppm = 0;   ///< the device's clock against CLOCK_MONOTONIC
    double ratio_ppm = 0;    ///< of the resampler
    Microseconds latency{0}; ///< playback: between a packet's due time and its first frame's, now
    Microseconds scheduler_late_p50{0}; ///< of the device thread's wake-ups, the last seconds
    Microseconds scheduler_late_p99{0};
    Microseconds scheduler_late_max{0};
    std::uint64_t underruns = 0;
    std::uint64_t skips = 0;
    audio::Frames silence = 0;    ///< played for what was missing
    std::uint64_t graph_gaps = 0; ///< cycles the sound server missed
    std::uint64_t reconnections = 0;
};

/// A stream of the user's sound server. Dropping it takes its node away, at once: a microphone is
/// closed by that. Loop thread only.
class SoundStream {
  public:
    virtual ~SoundStream() = default;
    /// Corked or not; a new stream is corked.
    virtual void set_active(bool active) = 0;
    [[nodiscard]] virtual StreamStatus status() const = 0;
};

/// The user's sound server. Streams outlive its restarts, and may be opened while it is not there.
/// Loop thread only.
class SoundServer {
  public:
    virtual ~SoundServer() = default;
    /// `shared` must outlive the stream. `changed`: its state or problem did; from the loop, never
    /// from inside a call.
    [[nodiscard]] virtual std::unique_ptr<SoundStream>
    open_playback(const StreamSettings& settings, audio::PlaybackShared& shared,
                  std::function<void()> changed) = 0;
    /// As open_playback(). The device thread writes to `recorded` (an eventfd, not blocking) when a
    /// block is in `shared`.
    [[nodiscard]] virtual std::unique_ptr<SoundStream> open_capture(const StreamSettings& settings,
                                                                    audio::RecordShared& shared,
                                                                    std::function<void()> changed,
                                                                    int recorded) = 0;
};

} // namespace spicykvm::session
