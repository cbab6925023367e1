// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/seqlock.h"
#include "session/focus.h"
#include "session/socket_thread.h"
#include "session/sound_channel.h"
#include "session/sound_server.h"
#include "session/spice/playback_reader.h"

#include <memory>

namespace spicykvm::session {

/// How a channel of `offer` presents itself to the sound server.
[[nodiscard]] StreamSettings stream_settings(const ChannelOffer& offer);

/// The sound of one VM, from a linked socket to a stream of the sound server.
///
///     thread: socket -> PlaybackReader -> ring ---> device thread
///                            | PlaybackState
///     loop:                  +----> corked or not, gain, report
class PlaybackChannel final : public SoundChannel, private SocketUser {
  public:
    /// `jitter`: what is known of this VM. `server` must outlive this.
    PlaybackChannel(EventLoop& loop, SoundServer& server, Fd socket, const ChannelOffer& offer,
                    audio::Nanoseconds jitter, Callbacks callbacks);

    void set_gain(float gain) override;
    [[nodiscard]] bool is_live() const override { return state_.playing; }
    [[nodiscard]] std::optional<audio::Nanoseconds> jitter() const override {
        return latest().jitter;
    }
    [[nodiscard]] ChannelReport report() const override;

  private:
    /// Answers are few; the server's bandwidth test is the most.
    static constexpr std::size_t kQueue = 16 * 1024;
    /// How often the thread tells about what has no event of its own.
    static constexpr std::chrono::seconds kPublish{1};

    bool receive(ByteSpan bytes, TimePoint arrival) noexcept override;
    void drained() noexcept override { reader_.drained(); }
    bool turn(TimePoint now) noexcept override;
    spice::OutBuffer& out() noexcept override { return out_; }
    [[nodiscard]] std::string_view error() const noexcept override { return reader_.error(); }

    void on_changed();
    [[nodiscard]] PlaybackState latest() const noexcept;
    void update_stream();

    const StreamSettings settings_;
    const Callbacks callbacks_;

    // Of the thread, while there is one.
    spice::OutBuffer out_{kQueue};
    audio::PlaybackShared shared_; // and of the device thread
    PlaybackReader reader_;
    unsigned published_ = 0;
    TimePoint publish_at_;

    audio::Seqlock<PlaybackState> to_loop_;

    // Of the loop.
    PlaybackState state_;
    float gain_ = 0;
    CorkDelay cork_;
    bool is_active_ = false;
    Timer cork_timer_;
    std::unique_ptr<SoundStream> stream_;
    std::unique_ptr<SocketThread> thread_;
};

} // namespace spicykvm::session
