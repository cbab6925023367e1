// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/seqlock.h"
#include "session/channel_offer.h"
#include "session/socket_thread.h"
#include "session/sound_channel.h"
#include "session/sound_server.h"
#include "session/spice/record_reader.h"
#include "session/spice/record_sender.h"

#include <atomic>
#include <memory>

namespace spicykvm::session {

/// A microphone for one VM, from a stream of the sound server to a linked socket. The stream exists
/// only while the VM records and may: so the desktop's sign for an open microphone is honest.
///
///     device thread -> ring, wakes -> thread: RecordSender -> socket
///     thread: socket -> RecordReader -> RecordState -> loop: opens and closes the stream
class RecordChannel final : public SoundChannel, private SocketUser {
  public:
    /// `server` must outlive this.
    RecordChannel(EventLoop& loop, SoundServer& server, Fd socket, const ChannelOffer& offer,
                  Callbacks callbacks);

    void set_gain(float gain) override;
    [[nodiscard]] bool is_live() const override { return state_.recording; }
    [[nodiscard]] std::optional<audio::Nanoseconds> jitter() const override { return {}; }
    [[nodiscard]] ChannelReport report() const override;

  private:
    bool receive(ByteSpan bytes, TimePoint) noexcept override { return reader_.feed(bytes); }
    void drained() noexcept override {}
    bool turn(TimePoint now) noexcept override;
    spice::OutBuffer& out() noexcept override { return out_; }
    [[nodiscard]] std::string_view error() const noexcept override { return reader_.error(); }

    void on_changed();
    void update_stream();

    const StreamSettings settings_;
    const Callbacks callbacks_;
    SoundServer& server_;

    // Of the thread, while there is one.
    spice::OutBuffer out_{RecordSender::kQueue};
    audio::RecordShared shared_; // and of the device thread
    RecordReader reader_;
    RecordSender sender_{shared_, out_};
    unsigned starts_ = 0;
    unsigned published_ = 0;

    audio::Seqlock<RecordState> to_loop_;
    std::atomic<bool> is_open_{false}; ///< the microphone, for the thread

    // Of the loop.
    RecordState state_;
    bool is_allowed_ = false;
    std::unique_ptr<SocketThread> thread_;
    std::unique_ptr<SoundStream> stream_; // writes to a descriptor of the thread
};

} // namespace spicykvm::session
