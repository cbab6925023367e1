// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"
#include "sim/random.h"
#include "sim/scenario.h"

#include <cstdint>
#include <functional>

namespace spicykvm::sim {

using audio::Frames;
using audio::Nanoseconds;

/// What comes over the channel; times are of the simulated CLOCK_MONOTONIC.
struct Message {
    enum class Kind { Start, Data, Stop } kind = Kind::Data;
    TimePoint time;             ///< of arrival
    std::uint32_t stamp_ms = 0; ///< the server's clock
};

/// QEMU's playback: a timer that is armed anew `tick` after it ran, and sends as many packets of
/// 480 frames as the virtual clock has earned. Nothing is early, much is late.
class QemuPlayback {
  public:
    using Receiver = std::function<void(const Message&)>;

    /// `begin`: the scenario's second 0.
    QemuPlayback(const Scenario& scenario, TimePoint begin);

    /// When tick() is to be called.
    [[nodiscard]] TimePoint next() const noexcept { return next_; }
    void tick(const Receiver& receiver);

    /// When the first frame of the stream that is sent now was played in the guest (or would have
    /// been, had it not stood still since), and which one of all sent frames it is.
    [[nodiscard]] double stream_begin_s() const noexcept { return stream_begin_ + paused_; }
    [[nodiscard]] Frames first_frame() const noexcept { return first_frame_; }
    [[nodiscard]] double rate() const noexcept { return rate_; }

  private:
    [[nodiscard]] double elapsed() const noexcept;
    void schedule();
    void send_due(const Receiver& receiver);
    bool follow_stops(const Receiver& receiver);
    [[nodiscard]] Message message(Message::Kind kind) const noexcept;

    const Scenario& scenario_;
    Random random_;
    TimePoint begin_;
    TimePoint next_;
    double rate_; ///< frames a second of our clock
    bool running_ = false;
    double stream_begin_ = 0;
    double paused_ = 0; ///< s since the stream began
    Frames first_frame_ = 0;
    Frames sent_ = 0; ///< of this stream, by QEMU
    Frames all_ = 0;  ///< of all streams, numbered without the dropped ones
    std::size_t next_stop_ = 0;
    std::size_t next_pause_ = 0;
    std::size_t next_stall_ = 0;
    std::size_t next_drop_ = 0;
    double periodic_stall_ = 0;
};

} // namespace spicykvm::sim
