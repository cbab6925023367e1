// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/audio_port.h"
#include "service/audio_owners.h"
#include "service/requests.h"
#include "spicykvm-dbus/audio_adaptor.h"

#include <optional>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <vector>

namespace spicykvm::service {

/// org.spicykvm.Audio on the bus.
class AudioObject final : public sdbus::AdaptorInterfaces<org::spicykvm::Audio_adaptor>,
                          private core::AudioObserver {
  public:
    /// Without a port there are no channels.
    AudioObject(Bus& bus, core::AudioPort* port, Requests& requests);
    AudioObject(const AudioObject&) = delete;
    AudioObject& operator=(const AudioObject&) = delete;
    ~AudioObject();

    /// The "audio" of Status().
    [[nodiscard]] std::vector<Dictionary> status() const;

  private:
    using ChannelList = std::vector<sdbus::Struct<std::string, std::string, Dictionary>>;

    void on_audio_channels_changed() override;
    void OpenChannel(sdbus::Result<sdbus::UnixFd, Dictionary>&& result, std::string target,
                     std::string kind) override;
    void Report(const std::string& target, const std::string& kind,
                const Dictionary& state) override;
    ChannelList Channels() override;

    core::AudioPort* port_;
    Requests& requests_;
    std::optional<AudioOwners> owners_; ///< if there is a port
};

} // namespace spicykvm::service
