// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

namespace spicykvm::audio {

/// When which frames of the microphone go to the server. Its queue gives QEMU nothing until 4096
/// frames were written since RECORD_START, and what is in it then stays as delay. So these are sent
/// at once, silent; then nothing, until QEMU has read the queue down to what it needs. Nobody tells
/// how full the queue is: it is reckoned, as QEMU reads 48000 frames a second.
///
/// | state    | next()                                                          |
/// |----------|-----------------------------------------------------------------|
/// | closed   | nothing                                                         |
/// | opening  | 4096 silent frames -> waiting                                   |
/// | waiting  | nothing, until the queue is down to the target -> live          |
/// | live     | what was recorded; after 2^32 frames -> opening                 |
class RecordPacer {
  public:
    static constexpr Frames kGate = 4096;
    /// The server counts frames in 32 bits, and shuts the gate when they wrap (24.9 h).
    static constexpr Frames kWrap = Frames{1} << 32U;
    /// The queue never falls below, by the reckoning.
    static constexpr Frames kReserve = 144; ///< 3 ms
    /// What comes later than this is dropped: a stall must not become a delay.
    static constexpr Frames kTolerance = 240; ///< 5 ms

    /// `tick`: the period of QEMU's audio timer; it reads that much at once.
    explicit RecordPacer(Nanoseconds tick = Milliseconds(10)) noexcept : tick_(tick) {}

    struct Chunk {
        Frames from = 0;     ///< position in the recording; what is not there is silent
        Frames frames = 0;   ///< at most kPacketFrames; 0: nothing to send now
        bool silent = false; ///< not of the recording at all
    };

    void start() noexcept;
    void stop() noexcept { state_ = State::Closed; }

    /// Call until it gives nothing; after every block of the device. `recorded`: one past the last
    /// frame that was recorded. `quantum`: frames that the device delivers at once.
    Chunk next(TimePoint now, Frames recorded, Frames quantum) noexcept;

    /// Frames in the server's queue, at least.
    [[nodiscard]] double level(TimePoint now) const noexcept;
    /// Recorded frames that were not sent, because they were stale.
    [[nodiscard]] Frames dropped() const noexcept { return dropped_; }

  private:
    enum class State { Closed, Opening, Waiting, Live };
    Chunk open(TimePoint now) noexcept;
    Chunk send(TimePoint now, Frames recorded, Frames quantum) noexcept;
    [[nodiscard]] Frames wanted(TimePoint now, Frames quantum) const noexcept;

    Nanoseconds tick_;
    State state_ = State::Closed;
    Frames silence_left_ = 0;
    Frames sent_ = 0;   ///< since start()
    double queued_ = 0; ///< at `as_of_`
    TimePoint as_of_;
    Frames next_ = 0;
    Frames dropped_ = 0;
};

} // namespace spicykvm::audio
