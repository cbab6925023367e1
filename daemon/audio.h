// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "core/audio_port.h"
#include "targets.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace spicykvm {

/// The sound channels of the targets, for processes that play and record. A socket that is handed
/// out is kept, too, to shut it down when its time is over. Main loop only.
class Audio final : public core::AudioPort {
  public:
    /// `targets` must outlive this.
    explicit Audio(Targets& targets) : targets_(targets) {}

    /// Connections, their channels or the configuration may have changed.
    void update();

    [[nodiscard]] std::vector<core::AudioChannel> audio_channels() const override;
    void open_audio(std::string_view target, core::AudioKind kind, OpenDone done) override;
    void close_audio(std::string_view target, core::AudioKind kind) override;
    void observe_audio(core::AudioObserver* observer) override { observer_ = observer; }

  private:
    using Key = std::pair<std::string, core::AudioKind>;

    Targets& targets_;
    core::AudioObserver* observer_ = nullptr;
    std::vector<core::AudioChannel> told_;
    std::map<Key, Fd> handed_out_;
};

} // namespace spicykvm
