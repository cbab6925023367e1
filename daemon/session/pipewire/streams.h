// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/playback.h"
#include "session/audio/record.h"
#include "session/audio/seqlock.h"
#include "session/pipewire/cycle_meter.h"
#include "session/pipewire/stream_node.h"

#include <cstdint>
#include <functional>

namespace spicykvm::session {

/// What the data thread tells the loop thread. Counters are since the stream was opened.
struct StreamFigures {
    audio::Frames quantum = 0;
    double device_rate = 1;
    double ratio = 1;
    audio::Nanoseconds latency{};
    Lateness::Figures late;
    std::uint64_t underruns = 0;
    std::uint64_t skips = 0;
    audio::Frames silence = 0;
    std::uint64_t graph_gaps = 0;
};

/// The data thread's half of a playback stream.
class PlaybackProcess final : public Processor {
  public:
    PlaybackProcess(audio::PlaybackShared& shared, audio::Frames quantum)
        : sink_(shared), quantum_(quantum) {}

    void process(pw_stream& stream) noexcept override;
    [[nodiscard]] StreamFigures figures() const noexcept;

  private:
    void publish() noexcept;

    audio::PlaybackSink sink_;
    CycleMeter meter_;
    audio::Frames quantum_; ///< if nobody says how much is wanted
    audio::Seqlock<StreamFigures> figures_;
};

/// The data thread's half of a capture stream.
class CaptureProcess final : public Processor {
  public:
    CaptureProcess(audio::RecordShared& shared, int recorded)
        : capture_(shared), recorded_(recorded) {}

    void process(pw_stream& stream) noexcept override;
    [[nodiscard]] StreamFigures figures() const noexcept;

  private:
    bool push(pw_stream& stream, const pw_buffer& buffer) noexcept;
    void publish() noexcept;

    audio::RecordCapture capture_;
    CycleMeter meter_;
    int recorded_;
    audio::Seqlock<StreamFigures> figures_;
};

/// See SoundServer::open_playback().
class PlaybackStream final : public SoundStream {
  public:
    /// Samples are in the server's packet before they are in this process's care.
    static constexpr audio::Nanoseconds kPacket = audio::duration_of(audio::kPacketFrames);
    /// A change that is worth to be published.
    static constexpr audio::Nanoseconds kLatencyStep{1'000'000};

    PlaybackStream(Hub& hub, const StreamSettings& settings, audio::PlaybackShared& shared,
                   std::function<void()> changed);

    void set_active(bool active) override;
    [[nodiscard]] StreamStatus status() const override;

  private:
    void look_at_latency();

    PlaybackProcess process_;
    audio::Nanoseconds published_{};
    Timer latency_timer_;
    StreamNode node_; ///< last: it ends first, and the calls of process_ with it
};

/// See SoundServer::open_capture().
class CaptureStream final : public SoundStream {
  public:
    CaptureStream(Hub& hub, const StreamSettings& settings, audio::RecordShared& shared,
                  std::function<void()> changed, int recorded);

    void set_active(bool active) override { node_.set_active(active); }
    [[nodiscard]] StreamStatus status() const override;

  private:
    CaptureProcess process_;
    StreamNode node_; ///< last: it ends first, and the calls of process_ with it
};

} // namespace spicykvm::session
