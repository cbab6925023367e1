// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/lateness.h"
#include "session/audio/playback.h"
#include "session/spice/audio_messages.h"
#include "spice/common_messages.h"
#include "spice/framer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spicykvm::session {

/// A playback channel as it is: small and plain, to be handed from thread to thread.
struct PlaybackState {
    bool playing = false; ///< between START and STOP, in a format that is supported
    std::uint16_t mode = SPICE_AUDIO_DATA_MODE_RAW;
    audio::StreamFormat refused; ///< of the last START, if it is not supported; else zeros
    bool same_host = true;
    audio::Nanoseconds jitter{0}; ///< to be kept, see TargetPolicy
    audio::Nanoseconds delay{0};
    audio::LatenessSplit::Report lateness;
};

/// Why nothing is to be heard although the VM plays, one line; empty: nothing is wrong.
[[nodiscard]] std::string problem_of(const PlaybackState& state);

/// The receiving half of a playback channel: bytes in, sound and answers out. No socket, no clock,
/// no allocation.
///
/// | since it was linked            | sound                                             |
/// |--------------------------------|---------------------------------------------------|
/// | until drained()                | what the socket held: stale, neither played nor   |
/// |                                | taken for late                                    |
/// | same clock, stamped before     | the same: the server had it in its own hands      |
/// | then                           | played                                            |
class PlaybackReader {
  public:
    struct Settings {
        audio::TargetPolicy::Settings policy;
        audio::VolumeLaw volume_law = audio::VolumeLaw::Hda;
        bool same_clock = false; ///< the server's CLOCK_MONOTONIC is ours
    };
    /// A first packet older than this is stale; live ones have half of it at most.
    static constexpr audio::Nanoseconds kStale{100'000'000};

    /// Answers go to `out`. Both must outlive this.
    PlaybackReader(spice::OutBuffer& out, audio::PlaybackShared& shared,
                   const Settings& settings) noexcept
        : common_(out), source_(shared, settings.policy, settings.volume_law),
          same_clock_(settings.same_clock) {}

    /// `arrival`: when the bytes were read. False: the server broke the protocol, see error(); the
    /// connection is of no more use.
    [[nodiscard]] bool feed(ByteSpan bytes, TimePoint arrival) noexcept;
    /// The socket is empty for the first time.
    void drained() noexcept { is_drained_ = true; }

    [[nodiscard]] std::string_view error() const noexcept { return error_; }
    [[nodiscard]] PlaybackState state() const noexcept;
    /// Counts what changes `playing`, `mode` and `refused`.
    [[nodiscard]] unsigned changes() const noexcept { return changes_; }
    [[nodiscard]] const audio::Arrivals& arrivals() const noexcept { return source_.arrivals(); }

  private:
    bool take(const spice::Framer::Message& message, TimePoint arrival) noexcept;
    bool take_own(const spice::Framer::Message& message, TimePoint arrival) noexcept;
    bool take_data(const spice::Framer::Message& message, TimePoint arrival) noexcept;
    void start(const PlaybackStart& start) noexcept;
    [[nodiscard]] bool is_stale(std::uint32_t time, TimePoint arrival) const noexcept;

    spice::Framer framer_;
    spice::CommonMessages common_;
    audio::PlaybackSource source_;
    audio::LatenessSplit lateness_;
    audio::StreamFormat format_;
    std::uint16_t mode_ = SPICE_AUDIO_DATA_MODE_RAW;
    bool same_clock_;
    bool is_drained_ = false;
    bool is_fresh_ = false; ///< sound that is not stale has come
    bool left_out_ = false; ///< stale sound of this stream was
    unsigned changes_ = 0;
    std::string_view error_;
};

} // namespace spicykvm::session
