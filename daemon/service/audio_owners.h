// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "core/audio_port.h"
#include "service/callers.h"
#include "service/polkit.h"
#include "service/status_map.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace spicykvm::service {

/// Who has which sound channel, and what he tells of it. One process has a channel until he leaves
/// the bus, or polkit says that he may no longer have it: because another user is active now.
class AudioOwners {
  public:
    using Key = std::pair<std::string, core::AudioKind>;

    AudioOwners(Bus& bus, core::AudioPort& port);
    AudioOwners(const AudioOwners&) = delete;
    AudioOwners& operator=(const AudioOwners&) = delete;
    ~AudioOwners();

    /// Opens a channel for `sender`, who may have it. `done` as for AudioPort::open_audio().
    void open(const Key& key, const std::string& sender, core::AudioPort::OpenDone done);
    /// NotFound: `sender` does not have the channel.
    [[nodiscard]] Result<void> report(const Key& key, const std::string& sender,
                                      const Dictionary& state);
    /// Channels that are no longer listed have no owner any more.
    void channels_changed();
    /// Null: nobody has it.
    [[nodiscard]] const Dictionary* report_of(const Key& key) const noexcept;

  private:
    struct Owner {
        std::string sender;
        Dictionary report;
    };

    void release(const std::string& sender);
    void ask_again();
    void ask_about(const std::string& sender);

    core::AudioPort& port_;
    Polkit polkit_;
    std::map<Key, Owner> owners_;
    std::map<std::string, std::unique_ptr<PolkitCheck>> checks_; ///< by sender
    Callers callers_;
    sdbus::Slot rights_changed_;
    std::shared_ptr<AudioOwners*> self_; ///< expires with this object
};

} // namespace spicykvm::service
