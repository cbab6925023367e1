// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"
#include "support/graph_client.h"

#include <atomic>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace spicykvm::test {

using StreamProperties = std::map<std::string, std::string>;

/// A plain stream of PipeWire: stereo, F32, 48 kHz, with a node of that name.
class SoundStreamBase {
  public:
    SoundStreamBase(const SoundStreamBase&) = delete;
    SoundStreamBase& operator=(const SoundStreamBase&) = delete;

  protected:
    SoundStreamBase(GraphClient& client, spa_direction direction, const std::string& name,
                    const StreamProperties& properties);
    virtual ~SoundStreamBase() = default;
    void connect();
    void disconnect();
    /// Data thread: the block of this cycle; `now` is when the driver's cycle began.
    virtual void process(std::span<float> interleaved, TimePoint now, audio::Frames ticks) = 0;

  private:
    void process();

    GraphClient& client_;
    spa_direction direction_;
    session::StreamPtr stream_;
    session::Hook hook_;
};

/// Records the left channel, up to two minutes.
class Recorder final : public SoundStreamBase {
  public:
    struct Block {
        std::size_t begin; ///< in the recording
        audio::Frames frames;
        TimePoint end;       ///< when its last frame was played
        audio::Frames ticks; ///< of the driver
    };

    Recorder(GraphClient& client, const std::string& name, const StreamProperties& properties = {});
    ~Recorder() override;

    [[nodiscard]] std::size_t size() const noexcept { return size_.load(); }
    /// From `begin` on.
    [[nodiscard]] std::vector<float> samples(std::size_t begin = 0) const;
    [[nodiscard]] std::vector<Block> blocks() const;
    /// When the sample at `index` was played.
    [[nodiscard]] TimePoint time_of(std::size_t index) const;
    /// Cycles from `begin` on that the recorder itself missed.
    [[nodiscard]] unsigned gaps(std::size_t begin) const;

  private:
    void process(std::span<float> interleaved, TimePoint now, audio::Frames ticks) override;

    std::vector<float> samples_;
    std::vector<Block> blocks_;
    std::atomic<std::size_t> size_{0};
    std::atomic<std::size_t> block_count_{0};
};

/// Plays a tone of amplitude 0.5, the same on both channels.
class TonePlayer final : public SoundStreamBase {
  public:
    TonePlayer(GraphClient& client, const std::string& name, double frequency,
               const StreamProperties& properties = {});
    ~TonePlayer() override;

  private:
    void process(std::span<float> interleaved, TimePoint now, audio::Frames ticks) override;

    double step_; ///< turns a frame
    double phase_ = 0;
};

} // namespace spicykvm::test
