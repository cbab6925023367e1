// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/audio_owners.h"

#include "base/log.h"
#include "base/sdbus_compat.h"
#include "service/audio_map.h"
#include "service/errors.h"

#include <algorithm>

namespace spicykvm::service {

namespace {

/// polkit says so when a session becomes active or inactive, too.
constexpr const char* kRightsChanged =
    "type='signal',sender='org.freedesktop.PolicyKit1',"
    "path='/org/freedesktop/PolicyKit1/Authority',"
    "interface='org.freedesktop.PolicyKit1.Authority',member='Changed'";

} // namespace

AudioOwners::AudioOwners(Bus& bus, core::AudioPort& port)
    : port_(port), polkit_(bus),
      callers_(bus, [this](const std::string& sender) { release(sender); }),
      self_(std::make_shared<AudioOwners*>(this)) {
    if (bus.kind() == BusKind::System) {
        rights_changed_ =
            compat::add_match(bus.connection(), kRightsChanged, [this](auto&&) { ask_again(); });
    }
}

AudioOwners::~AudioOwners() {
    for (const auto& [key, owner] : owners_) {
        port_.close_audio(key.first, key.second);
    }
}

void AudioOwners::open(const Key& key, const std::string& sender, core::AudioPort::OpenDone done) {
    const auto& channels = port_.audio_channels();
    const bool listed = std::any_of(channels.begin(), channels.end(), [&](const auto& channel) {
        return channel.target == key.first && channel.kind == key.second;
    });
    if (!listed) {
        return done(
            fail(ErrorCode::NotFound, std::string(to_string(key.second)) + " of \"" +
                                          key.first.substr(0, kMaxQuotedName) +
                                          "\": no such channel now; allowed: what Channels lists"));
    }
    const auto known = owners_.find(key);
    if (known != owners_.end() && known->second.sender != sender) {
        return done(fail(ErrorCode::Busy, std::string(to_string(key.second)) + " of " + key.first +
                                              ": another process has it"));
    }
    owners_.insert_or_assign(key, Owner{sender, {}});
    port_.open_audio(
        key.first, key.second,
        [weak = std::weak_ptr(self_), key, sender,
         done = std::move(done)](const Result<int>& socket) {
            const auto self = weak.lock();
            if (!self) {
                return done(fail(ErrorCode::Cancelled, "spicykvmd is ending"));
            }
            auto& owners = (*self)->owners_;
            const auto owner = owners.find(key);
            const bool still_his = owner != owners.end() && owner->second.sender == sender;
            if (!still_his) { // he has left meanwhile, or may no longer
                (*self)->port_.close_audio(key.first, key.second);
                return done(fail(ErrorCode::Cancelled, "the caller lost the channel meanwhile"));
            }
            if (!socket) {
                owners.erase(owner);
            }
            done(socket);
        });
}

Result<void> AudioOwners::report(const Key& key, const std::string& sender,
                                 const Dictionary& state) {
    const auto owner = owners_.find(key);
    if (owner == owners_.end() || owner->second.sender != sender) {
        return fail(ErrorCode::NotFound, "the caller does not have this channel");
    }
    owner->second.report = known_audio_state(state);
    return {};
}

void AudioOwners::channels_changed() {
    const auto& channels = port_.audio_channels();
    std::erase_if(owners_, [&](const auto& entry) {
        return std::none_of(channels.begin(), channels.end(), [&](const auto& channel) {
            return channel.target == entry.first.first && channel.kind == entry.first.second;
        });
    });
}

const Dictionary* AudioOwners::report_of(const Key& key) const noexcept {
    const auto owner = owners_.find(key);
    return owner == owners_.end() ? nullptr : &owner->second.report;
}

void AudioOwners::release(const std::string& sender) {
    checks_.erase(sender);
    for (auto owner = owners_.begin(); owner != owners_.end();) {
        if (owner->second.sender == sender) {
            port_.close_audio(owner->first.first, owner->first.second);
            owner = owners_.erase(owner);
        } else {
            ++owner;
        }
    }
}

void AudioOwners::ask_again() {
    checks_.clear();
    try {
        for (const auto& entry : owners_) {
            if (!checks_.contains(entry.second.sender)) {
                ask_about(entry.second.sender);
            }
        }
    } catch (const sdbus::Error& error) {
        log("service").debug("ask polkit: {}, ignoring", error.what()); // the bus is gone
    }
}

void AudioOwners::ask_about(const std::string& sender) {
    PolkitQuestion question;
    question.sender = sender;
    question.action = kAudioAction;
    const auto answer = [this, sender](Verdict verdict, const std::string& error) {
        checks_.erase(sender);
        // An error: polkit is restarting, nothing is known to have changed.
        if (error.empty() && verdict != Verdict::Allowed) {
            log("service").info("the user who plays the VMs' sound is no longer active");
            release(sender);
        }
    };
    checks_.emplace(sender, polkit_.check(question, answer));
}

} // namespace spicykvm::service
