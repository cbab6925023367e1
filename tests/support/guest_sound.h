// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "session/audio/playback.h"

#include <functional>

namespace spicykvm::test {

/// Sends what a guest plays as QEMU would, were its timer exact: a packet every 10 ms, and each is
/// said to have come on time even if the loop was busy.
class GuestSound {
  public:
    /// `wave`: the amplitude (-1..1) of the frame of that number since start().
    GuestSound(EventLoop& loop, audio::PlaybackSource& source,
               std::function<double(audio::Frames)> wave);

    void start();
    void stop();
    /// When the guest made the frame of that number: a packet is sent when its last one is made.
    [[nodiscard]] TimePoint time_of(audio::Frames frame) const {
        return begin_ + audio::duration_of(frame);
    }
    [[nodiscard]] audio::Frames sent() const noexcept { return sent_; }

  private:
    void send_what_is_due();

    audio::PlaybackSource& source_;
    std::function<double(audio::Frames)> wave_;
    Timer timer_;
    TimePoint begin_;
    audio::Frames sent_ = 0;
};

/// A tone of amplitude 0.5.
[[nodiscard]] std::function<double(audio::Frames)> tone(double frequency);

} // namespace spicykvm::test
