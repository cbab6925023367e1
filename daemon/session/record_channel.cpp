// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/record_channel.h"

#include "session/playback_channel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace spicykvm::session {

namespace {

/// What the server does not take waits here, where it can be dropped, not in the kernel, where it
/// becomes a delay. With TCP, nothing waits for a larger packet.
void tune(const Fd& socket) {
    const int bytes = 8 * 1024;
    const int on = 1;
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // if it is TCP
}

} // namespace

RecordChannel::RecordChannel(EventLoop& loop, SoundServer& server, Fd socket,
                             const ChannelOffer& offer, Callbacks callbacks)
    : settings_(stream_settings(offer)), callbacks_(std::move(callbacks)), server_(server),
      reader_(out_, shared_, offer.settings.volume_law) {
    tune(socket);
    thread_ = std::make_unique<SocketThread>(
        loop, std::move(socket), static_cast<SocketUser&>(*this),
        SocketThread::Callbacks{[this] { on_changed(); }, callbacks_.ended});
}

bool RecordChannel::turn(TimePoint now) noexcept {
    const bool is_event = reader_.changes() != published_;
    if (is_event) {
        published_ = reader_.changes();
        to_loop_.store(reader_.state());
    }
    if (!reader_.state().recording) {
        sender_.stop();
    } else if (reader_.starts() != starts_) {
        starts_ = reader_.starts();
        sender_.start();
    }
    if (is_open_.load(std::memory_order_acquire)) {
        sender_.pump(now);
    }
    return is_event;
}

void RecordChannel::on_changed() {
    (void)to_loop_.load(state_);
    update_stream();
    const auto changed = callbacks_.changed; // which may destroy this
    changed();
}

void RecordChannel::set_gain(float gain) {
    is_allowed_ = gain > 0;
    update_stream();
}

void RecordChannel::update_stream() {
    const bool wanted = state_.recording && is_allowed_;
    if (wanted == (stream_ != nullptr)) {
        return;
    }
    is_open_.store(false, std::memory_order_release);
    stream_.reset();
    if (wanted) {
        // What was recorded before is nobody's business any more.
        shared_.ring.write_silence(audio::SampleRing::kCapacity);
        stream_ = server_.open_capture(settings_, shared_, callbacks_.changed, thread_->wake_fd());
        stream_->set_active(true);
        is_open_.store(true, std::memory_order_release);
        thread_->wake();
    }
}

ChannelReport RecordChannel::report() const {
    std::optional<StreamStatus> stream;
    if (stream_) {
        stream = stream_->status();
    }
    ChannelReport report = report_of(state_, stream ? &*stream : nullptr, is_allowed_);
    report.node = settings_.node_name;
    return report;
}

} // namespace spicykvm::session
