// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/record.h"
#include "session/audio/record_pacer.h"
#include "session/spice/audio_messages.h"
#include "spice/out_buffer.h"

#include <array>
#include <cstddef>
#include <span>

namespace spicykvm::session {

/// The sending half of a record channel: what was recorded, as messages, when the pacer says so. No
/// socket, no clock, no allocation.
class RecordSender {
  public:
    /// What one turn may give: the server's gate, or a device's largest block.
    static constexpr std::size_t kQueue = 64 * 1024;

    RecordSender(const audio::RecordShared& shared, spice::OutBuffer& out) noexcept
        : shared_(shared), out_(out) {}

    /// The VM began to record: its queue is empty.
    void start() noexcept;
    void stop() noexcept;

    /// Call after every block of the device while the microphone may be heard, and when the socket
    /// took all; more often does no harm. While the socket is full nothing is added: what then gets
    /// stale, the pacer drops.
    void pump(TimePoint now) noexcept;

    [[nodiscard]] audio::Frames dropped() const noexcept { return pacer_.dropped(); }

  private:
    void introduce(std::uint32_t time) noexcept;
    void append(std::uint32_t time, std::span<const audio::PackedFrame> frames) noexcept;

    const audio::RecordShared& shared_;
    spice::OutBuffer& out_;
    audio::RecordPacer pacer_;
    RecordData packet_;
    bool recording_ = false;
    bool introduced_ = false;
    std::size_t sent_ = 0;   ///< frames, since the VM began to record
    audio::Frames seen_ = 0; ///< end of the recording at the last turn
};

} // namespace spicykvm::session
