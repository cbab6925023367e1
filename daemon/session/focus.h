// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"
#include "session/channel_offer.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace spicykvm::session {

// What the place of keyboard and mouse means for sound: decisions only. Any number of VMs may be
// heard at once; the microphone is one VM's at a time.

/// The amplitude of a VM's sound. `is_active`: keyboard and mouse are in it.
[[nodiscard]] float playback_gain(const ChannelSettings& settings, bool is_active) noexcept;

struct MicrophoneWish {
    std::string_view target;
    AudioWhen when = AudioWhen::Active;
    bool is_recording = false; ///< the VM asks for sound now
};

/// Whose the microphone is: of the VMs that record, the active one's; else the first one's that may
/// always. None: it stays closed. `active`: the active target, or empty.
[[nodiscard]] std::optional<std::size_t> microphone_owner(std::span<const MicrophoneWish> wishes,
                                                          std::string_view active) noexcept;

/// When a stream is corked. Not as soon as nothing is to be heard: a device that is let go and
/// taken again clicks, and takes its time.
class CorkDelay {
  public:
    static constexpr std::chrono::seconds kDelay{30};

    /// What is to be heard changes, or may have not.
    void set_sounding(bool sounding, TimePoint now) noexcept;
    [[nodiscard]] bool corked(TimePoint now) const noexcept;
    /// When corked() is to be asked again.
    [[nodiscard]] std::optional<TimePoint> deadline() const noexcept;

  private:
    bool sounding_ = false;
    std::optional<TimePoint> cork_at_;
};

} // namespace spicykvm::session
