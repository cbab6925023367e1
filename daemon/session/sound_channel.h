// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/result.h"
#include "session/channel_report.h"

#include <functional>
#include <optional>

namespace spicykvm::session {

/// A playback or a record channel that is open: its socket, its thread, its stream. Dropping it
/// ends all three. Loop thread only.
class SoundChannel {
  public:
    /// From the loop, never from inside of a call; may destroy the channel.
    struct Callbacks {
        std::function<void()> changed; ///< its report's state, or whether it is live
        std::function<void(const Error&)> ended;
    };

    SoundChannel() = default;
    SoundChannel(const SoundChannel&) = delete;
    SoundChannel& operator=(const SoundChannel&) = delete;
    virtual ~SoundChannel() = default;

    /// What the policy gives it: an amplitude 0..1 for the VM's sound; for its microphone, any but
    /// 0 is leave to record. At first 0.
    virtual void set_gain(float gain) = 0;
    /// The VM plays or records now.
    [[nodiscard]] virtual bool is_live() const = 0;
    /// How late the VM's packets are at worst; to be kept for the next time. Playback only.
    [[nodiscard]] virtual std::optional<audio::Nanoseconds> jitter() const = 0;
    [[nodiscard]] virtual ChannelReport report() const = 0;
};

} // namespace spicykvm::session
