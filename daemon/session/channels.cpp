// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/channels.h"

#include "base/log.h"
#include "session/focus.h"
#include "session/playback_channel.h"
#include "session/record_channel.h"

#include <algorithm>

namespace spicykvm::session {

namespace {

/// What is only for give_gains() changes nothing about an open channel.
bool same_stream(ChannelOffer a, const ChannelOffer& b) {
    a.settings.when = b.settings.when;
    a.settings.inactive_gain = b.settings.inactive_gain;
    return a == b;
}

} // namespace

Channels::Slot::Slot(Channels& channels, ChannelOffer what, std::uint64_t number)
    : offer(std::move(what)), id(number),
      backoff(channels.settings_.retry_min, channels.settings_.retry_max),
      retry(channels.loop_, [this, &channels] { channels.ask(*this); }) {}

std::string Channels::Slot::name() const {
    return std::string(to_string(offer.kind)) + " of " + offer.target;
}

Channels::Channels(EventLoop& loop, SoundServer& sound, DaemonPort& daemon, JitterStore& jitter,
                   const Settings& settings)
    : loop_(loop), sound_(sound), daemon_(daemon), jitter_(jitter), settings_(settings),
      report_timer_(loop, [this] { on_report_time(); }) {}

Channels::~Channels() {
    for (const auto& slot : slots_) {
        close(*slot);
    }
}

void Channels::on_offers(std::vector<ChannelOffer> offers) {
    std::vector<std::unique_ptr<Slot>> slots;
    for (const ChannelOffer& offer : offers) {
        slots.push_back(keep_or_make(offer));
    }
    slots_.swap(slots);
    for (const auto& gone : slots) {
        if (gone) {
            close(*gone);
        }
    }
    slots.clear();
    for (const auto& slot : slots_) {
        if (!slot->is_known) {
            ask(*slot);
        }
    }
    give_gains();
}

void Channels::on_active_target(const std::string& target) {
    active_ = target;
    give_gains();
}

std::unique_ptr<Channels::Slot> Channels::keep_or_make(const ChannelOffer& offer) {
    const auto same = std::find_if(slots_.begin(), slots_.end(), [&](const auto& slot) {
        return slot && same_stream(slot->offer, offer);
    });
    if (same == slots_.end()) {
        return std::make_unique<Slot>(*this, offer, ++last_id_);
    }
    (*same)->offer = offer;
    return std::move(*same);
}

Channels::Slot* Channels::find(std::uint64_t id) const noexcept {
    const auto found = std::find_if(slots_.begin(), slots_.end(),
                                    [id](const auto& slot) { return slot->id == id; });
    return found == slots_.end() ? nullptr : found->get();
}

void Channels::ask(Slot& slot) {
    slot.is_known = true;
    daemon_.open_channel(
        slot.offer.target, slot.offer.kind,
        [this, id = slot.id, alive = std::weak_ptr<bool>(alive_)](Result<Fd> socket) {
            if (alive.expired()) {
                return;
            }
            if (Slot* const asker = find(id)) {
                on_answer(*asker, std::move(socket));
            }
        });
}

void Channels::on_answer(Slot& slot, Result<Fd> socket) {
    if (!socket) {
        return retry_later(slot, socket.error());
    }
    open(slot, std::move(*socket));
    log("session").info("{}: open", slot.name());
    slot.complaint.clear();
    give_gains();
}

void Channels::open(Slot& slot, Fd socket) {
    // The channel goes before the slot does.
    const SoundChannel::Callbacks callbacks{
        [this] { give_gains(); }, [this, &slot](const Error& error) { on_ended(slot, error); }};
    slot.opened_at = Clock::now();
    slot.told.reset();
    if (slot.offer.kind == AudioKind::Playback) {
        slot.channel = std::make_unique<PlaybackChannel>(
            loop_, sound_, std::move(socket), slot.offer, jitter_.of(slot.offer.target), callbacks);
    } else {
        slot.channel = std::make_unique<RecordChannel>(loop_, sound_, std::move(socket), slot.offer,
                                                       callbacks);
    }
}

void Channels::close(Slot& slot) {
    if (!slot.channel) {
        return;
    }
    if (const auto jitter = slot.channel->jitter()) {
        jitter_.learn(slot.offer.target, *jitter);
        if (const auto saved = jitter_.save(); !saved) {
            log("session").warn("{}, ignoring", saved.error().message);
        }
    }
    slot.channel.reset();
}

void Channels::on_ended(Slot& slot, const Error& error) {
    if (Clock::now() - slot.opened_at >= settings_.retry_max) {
        slot.backoff.reset();
    }
    close(slot);
    retry_later(slot, error);
    give_gains(); // the microphone may be another one's now
}

void Channels::retry_later(Slot& slot, const Error& error) {
    const Milliseconds delay = slot.backoff.next();
    if (error.message != slot.complaint) {
        slot.complaint = error.message;
        // A VM that is switched off ends its channels, and soon is no longer offered.
        const auto level =
            error.code == ErrorCode::Disconnected ? spdlog::level::info : spdlog::level::warn;
        log("session").log(level, "{}: {}; trying again in {} s", slot.name(), error.message,
                           std::chrono::duration<double>(delay).count());
    }
    slot.retry.arm_after(delay);
}

/// Who is silenced, and whose microphone is closed, comes first.
void Channels::give_gains() {
    std::vector<MicrophoneWish> wishes;
    for (const auto& slot : slots_) {
        const bool records = slot->offer.kind == AudioKind::Record && slot->channel;
        wishes.push_back(
            {slot->offer.target, slot->offer.settings.when, records && slot->channel->is_live()});
    }
    const auto owner = microphone_owner(wishes, active_);
    std::vector<float> gains;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const ChannelOffer& offer = slots_[i]->offer;
        gains.push_back(offer.kind == AudioKind::Playback
                            ? playback_gain(offer.settings, offer.target == active_)
                            : (owner == i ? 1.0F : 0.0F));
    }
    for (const bool silent : {true, false}) {
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            if (slots_[i]->channel && (gains[i] == 0) == silent) {
                slots_[i]->channel->set_gain(gains[i]);
            }
        }
    }
    for (const auto& slot : slots_) {
        if (slot->channel) {
            tell_state(*slot);
        }
    }
}

/// At once if the state is another one, but not too often; all else within a second.
void Channels::tell_state(Slot& slot) {
    ChannelReport report = slot.channel->report();
    if (slot.told && same_state(*slot.told, report)) {
        return tell_within(settings_.report_every);
    }
    if (slot.told && Clock::now() - slot.told_at < settings_.report_soonest) {
        return tell_within(settings_.report_soonest);
    }
    tell(slot, std::move(report));
    tell_within(settings_.report_every);
}

void Channels::tell(Slot& slot, ChannelReport report) {
    daemon_.report(slot.offer.target, slot.offer.kind, report);
    slot.told = std::move(report);
    slot.told_at = Clock::now();
}

void Channels::tell_within(Milliseconds time) {
    const TimePoint at = Clock::now() + time;
    if (!report_timer_.armed() || at < report_at_) {
        report_at_ = at;
        report_timer_.arm_at(at);
    }
}

void Channels::on_report_time() {
    for (const auto& slot : slots_) {
        if (!slot->channel) {
            continue;
        }
        if (ChannelReport report = slot->channel->report(); report != slot->told) {
            tell(*slot, std::move(report));
        }
        if (slot->channel->is_live()) {
            tell_within(settings_.report_every);
        }
    }
}

} // namespace spicykvm::session
