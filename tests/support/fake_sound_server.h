// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/sound_server.h"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <unistd.h>
#include <vector>

namespace spicykvm::test {

/// A sound server whose devices are played by the test.
class FakeSoundServer final : public session::SoundServer {
  public:
    /// What the server knows of a stream, also when that is gone.
    struct Stream {
        session::StreamSettings settings;
        bool is_open = true;
        bool is_active = false;
        session::StreamStatus status;
        std::function<void()> changed;
        audio::PlaybackShared* playback = nullptr;
        audio::RecordShared* record = nullptr;
        std::unique_ptr<audio::PlaybackSink> sink;
        std::unique_ptr<audio::RecordCapture> capture;
        int recorded = -1;

        /// The device thread's turn: a block of the microphone.
        void deliver(const audio::Pull& block, std::span<const float> samples) const {
            capture->push(block, samples);
            const std::uint64_t one = 1;
            (void)!::write(recorded, &one, sizeof one);
        }
    };

    std::unique_ptr<session::SoundStream> open_playback(const session::StreamSettings& settings,
                                                        audio::PlaybackShared& shared,
                                                        std::function<void()> changed) override {
        auto stream = add(settings, std::move(changed));
        stream->playback = &shared;
        stream->sink = std::make_unique<audio::PlaybackSink>(shared);
        return std::make_unique<Handle>(stream);
    }
    std::unique_ptr<session::SoundStream> open_capture(const session::StreamSettings& settings,
                                                       audio::RecordShared& shared,
                                                       std::function<void()> changed,
                                                       int recorded) override {
        auto stream = add(settings, std::move(changed));
        stream->record = &shared;
        stream->capture = std::make_unique<audio::RecordCapture>(shared);
        stream->recorded = recorded;
        return std::make_unique<Handle>(stream);
    }

    /// All there ever were, in order.
    std::vector<std::shared_ptr<Stream>> streams;

    [[nodiscard]] unsigned open_streams() const {
        unsigned count = 0;
        for (const auto& stream : streams) {
            count += stream->is_open ? 1 : 0;
        }
        return count;
    }
    /// The newest one.
    Stream& stream() { return *streams.back(); }

  private:
    class Handle final : public session::SoundStream {
      public:
        explicit Handle(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        ~Handle() override { stream_->is_open = stream_->is_active = false; }
        void set_active(bool active) override {
            stream_->is_active = active;
            stream_->status.state =
                active ? session::StreamState::Running : session::StreamState::Corked;
        }
        [[nodiscard]] session::StreamStatus status() const override { return stream_->status; }

      private:
        std::shared_ptr<Stream> stream_;
    };

    std::shared_ptr<Stream> add(const session::StreamSettings& settings,
                                std::function<void()> changed) {
        auto stream = std::make_shared<Stream>();
        stream->settings = settings;
        stream->changed = std::move(changed);
        streams.push_back(stream);
        return stream;
    }
};

} // namespace spicykvm::test
