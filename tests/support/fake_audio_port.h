// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/audio_port.h"
#include "support/socket_pair.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::test {

/// Channels whose sockets end in here, at once, or are held until finish().
class FakeAudioPort final : public core::AudioPort {
  public:
    std::vector<core::AudioChannel> channels;
    std::vector<std::string> asked; ///< "open win11 playback", "close win11 playback" ...
    std::optional<Error> failure;   ///< what the next open() ends with
    bool hold = false;
    SocketPair socket; ///< `ours` is handed out

    [[nodiscard]] std::vector<core::AudioChannel> audio_channels() const override {
        return channels;
    }
    void open_audio(std::string_view target, core::AudioKind kind, OpenDone done) override {
        asked.push_back("open " + name(target, kind));
        if (hold) {
            held_.push_back(std::move(done));
        } else {
            answer(done);
        }
    }
    void close_audio(std::string_view target, core::AudioKind kind) override {
        asked.push_back("close " + name(target, kind));
    }
    void observe_audio(core::AudioObserver* observer) override { observer_ = observer; }

    void finish() {
        for (const auto& done : std::exchange(held_, {})) {
            answer(done);
        }
    }
    void change(std::vector<core::AudioChannel> now) {
        channels = std::move(now);
        observer_->on_audio_channels_changed();
    }

  private:
    static std::string name(std::string_view target, core::AudioKind kind) {
        return std::string(target) + " " + std::string(to_string(kind));
    }
    void answer(const OpenDone& done) {
        if (failure) {
            done(Failure(*failure));
        } else {
            done(socket.ours.get());
        }
    }

    core::AudioObserver* observer_ = nullptr;
    std::vector<OpenDone> held_;
};

} // namespace spicykvm::test
