// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::core {

enum class AudioKind : std::uint8_t {
    Playback, ///< the VM's sound on the host
    Record,   ///< the host's microphone for the VM
};

[[nodiscard]] constexpr std::string_view to_string(AudioKind kind) noexcept {
    return kind == AudioKind::Playback ? "playback" : "record";
}

enum class AudioWhen : std::uint8_t {
    Always,
    Active, ///< while keyboard and mouse are in the VM
    Never,
};

[[nodiscard]] constexpr std::string_view to_string(AudioWhen when) noexcept {
    switch (when) {
    case AudioWhen::Always:
        return "always";
    case AudioWhen::Active:
        return "active";
    case AudioWhen::Never:
        return "never";
    }
    return "never";
}

/// What the guest's volume stands for.
enum class VolumeLaw : std::uint8_t { Hda, Ac97, Cubic, Linear, Ignore };

[[nodiscard]] constexpr std::string_view to_string(VolumeLaw law) noexcept {
    switch (law) {
    case VolumeLaw::Hda:
        return "hda";
    case VolumeLaw::Ac97:
        return "ac97";
    case VolumeLaw::Cubic:
        return "cubic";
    case VolumeLaw::Linear:
        return "linear";
    case VolumeLaw::Ignore:
        return "ignore";
    }
    return "ignore";
}

struct AudioSettings {
    std::string device; ///< node.name or object.serial of PipeWire; empty: the default one
    AudioWhen when = AudioWhen::Never;
    std::int32_t inactive_gain = 0; ///< dB, playback `Always` while elsewhere
    VolumeLaw volume_law = VolumeLaw::Hda;

    bool operator==(const AudioSettings&) const = default;
};

/// A channel that can be opened now.
struct AudioChannel {
    std::string target;
    AudioKind kind = AudioKind::Playback;
    std::string description; ///< for people: the VM's name, or the target's
    AudioSettings settings;
    bool same_clock = false; ///< the VM runs on this host

    bool operator==(const AudioChannel&) const = default;
};

/// Called on the main loop, after the change. Must not call back into open().
class AudioObserver {
  public:
    virtual void on_audio_channels_changed() = 0;

  protected:
    ~AudioObserver() = default;
};

/// The sound channels of the VMs as who plays them sees it. Main loop only. The caller has
/// authorised the request.
class AudioPort {
  public:
    /// A socket that is linked, good for the call: to be duplicated. Or NotFound: it is not in
    /// audio_channels(); else why it can't be linked.
    using OpenDone = std::function<void(const Result<int>& socket)>;

    [[nodiscard]] virtual std::vector<AudioChannel> audio_channels() const = 0;
    /// `done` is called exactly once, maybe from inside the call. What was opened before ends.
    virtual void open_audio(std::string_view target, AudioKind kind, OpenDone done) = 0;
    /// Ends what was opened, on both sides.
    virtual void close_audio(std::string_view target, AudioKind kind) = 0;
    /// At most one observer; null: none any more. It must outlive its being observed.
    virtual void observe_audio(AudioObserver* observer) = 0;

  protected:
    ~AudioPort() = default;
};

} // namespace spicykvm::core
