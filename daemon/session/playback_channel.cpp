// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/playback_channel.h"

#include <sys/socket.h>

namespace spicykvm::session {

namespace {

/// A backlog that nobody needs is best kept where the server drops what is old. Takes effect with
/// TCP only, and on what comes from now on.
void shrink_receive_buffer(const Fd& socket) {
    const int bytes = 16 * 1024;
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

PlaybackReader::Settings reader_settings(const ChannelOffer& offer, audio::Nanoseconds jitter) {
    PlaybackReader::Settings settings;
    settings.policy.prior = jitter;
    settings.volume_law = offer.settings.volume_law;
    settings.same_clock = offer.settings.same_clock;
    return settings;
}

} // namespace

StreamSettings stream_settings(const ChannelOffer& offer) {
    StreamSettings settings;
    settings.application = "spicykvm." + offer.target;
    settings.node_name = settings.application + "." + std::string(to_string(offer.kind));
    settings.description = offer.settings.description;
    settings.device = offer.settings.device;
    return settings;
}

PlaybackChannel::PlaybackChannel(EventLoop& loop, SoundServer& server, Fd socket,
                                 const ChannelOffer& offer, audio::Nanoseconds jitter,
                                 Callbacks callbacks)
    : settings_(stream_settings(offer)), callbacks_(std::move(callbacks)),
      reader_(out_, shared_, reader_settings(offer, jitter)), state_(reader_.state()),
      cork_timer_(loop, [this] { update_stream(); }) {
    shared_.focus.set({0, 0});
    stream_ = server.open_playback(settings_, shared_, callbacks_.changed);
    shrink_receive_buffer(socket);
    thread_ = std::make_unique<SocketThread>(
        loop, std::move(socket), static_cast<SocketUser&>(*this),
        SocketThread::Callbacks{[this] { on_changed(); }, callbacks_.ended});
}

bool PlaybackChannel::receive(ByteSpan bytes, TimePoint arrival) noexcept {
    return reader_.feed(bytes, arrival);
}

bool PlaybackChannel::turn(TimePoint now) noexcept {
    if (reader_.changes() == published_ && now < publish_at_) {
        return false;
    }
    const bool is_event = reader_.changes() != published_;
    published_ = reader_.changes();
    publish_at_ = now + kPublish;
    to_loop_.store(reader_.state());
    return is_event;
}

/// What the thread told last. If it is telling just now, what was before it; an event follows.
PlaybackState PlaybackChannel::latest() const noexcept {
    PlaybackState state = state_;
    (void)to_loop_.load(state);
    return state;
}

void PlaybackChannel::on_changed() {
    state_ = latest();
    update_stream();
    const auto changed = callbacks_.changed; // which may destroy this
    changed();
}

void PlaybackChannel::set_gain(float gain) {
    gain_ = gain;
    shared_.focus.set({gain, gain});
    update_stream();
}

void PlaybackChannel::update_stream() {
    const TimePoint now = Clock::now();
    cork_.set_sounding(state_.playing && gain_ > 0, now);
    if (const bool active = !cork_.corked(now); active != is_active_) {
        is_active_ = active;
        stream_->set_active(active);
    }
    if (const auto deadline = cork_.deadline(); deadline && is_active_) {
        cork_timer_.arm_at(*deadline);
    } else {
        cork_timer_.disarm();
    }
}

ChannelReport PlaybackChannel::report() const {
    ChannelReport report = report_of(latest(), stream_->status(), gain_ > 0);
    report.node = settings_.node_name;
    return report;
}

} // namespace spicykvm::session
