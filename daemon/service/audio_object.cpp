// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/audio_object.h"

#include "base/sdbus_compat.h"
#include "service/audio_map.h"
#include "service/errors.h"
#include "spicykvm-dbus/names.h"

#include <utility>

namespace spicykvm::service {

namespace {

constexpr const char* kWrongKind = "kind: allowed: playback, record";

} // namespace

AudioObject::AudioObject(Bus& bus, core::AudioPort* port, Requests& requests)
    : AdaptorInterfaces(bus.connection(), sdbus::ObjectPath(dbus::kManagerPath)), port_(port),
      requests_(requests) {
    if (port_ != nullptr) {
        owners_.emplace(bus, *port_);
        port_->observe_audio(this);
    }
    registerAdaptor();
}

AudioObject::~AudioObject() {
    unregisterAdaptor();
    if (port_ != nullptr) {
        port_->observe_audio(nullptr);
    }
}

void AudioObject::on_audio_channels_changed() {
    owners_->channels_changed();
    emit_quietly(
        [this] { compat::emit_properties_changed(getObject(), INTERFACE_NAME, {"Channels"}); });
}

AudioObject::ChannelList AudioObject::Channels() {
    ChannelList list;
    if (port_ != nullptr) {
        for (const auto& channel : port_->audio_channels()) {
            list.emplace_back(utf8(channel.target), std::string(to_string(channel.kind)),
                              describe(channel));
        }
    }
    return list;
}

void AudioObject::OpenChannel(sdbus::Result<sdbus::UnixFd, Dictionary>&& result, std::string target,
                              std::string kind) {
    Call call = current_call(getObject(), std::move(result));
    const auto parsed = parse_audio_kind(kind);
    if (!owners_) {
        call.reply.fail(Error{ErrorCode::NotSupported, "sound is not available to this spicykvmd"});
    } else if (!parsed) {
        call.reply.fail(to_bus_error(dbus::kErrorInvalidArgs, kWrongKind));
    } else {
        const std::string sender = call.sender;
        requests_.use_audio(
            std::move(call), target,
            [this, key = AudioOwners::Key(target, *parsed), sender](Requests::Done done) {
                owners_->open(key, sender, [done = std::move(done)](const Result<int>& socket) {
                    done(socket.map([](int fd) -> Answer { return sdbus::UnixFd(fd); }));
                });
            });
    }
}

void AudioObject::Report(const std::string& target, const std::string& kind,
                         const Dictionary& state) {
    const auto parsed = parse_audio_kind(kind);
    if (!parsed) {
        throw to_bus_error(dbus::kErrorInvalidArgs, kWrongKind);
    }
    const auto reported =
        owners_ ? owners_->report({target, *parsed}, compat::call_info(getObject()).sender, state)
                : fail(ErrorCode::NotSupported, "sound is not available to this spicykvmd");
    if (!reported) {
        throw to_bus_error(reported.error());
    }
}

std::vector<Dictionary> AudioObject::status() const {
    std::vector<Dictionary> list;
    if (!owners_) {
        return list;
    }
    for (const auto& channel : port_->audio_channels()) {
        const Dictionary* report = owners_->report_of({channel.target, channel.kind});
        Dictionary entry{{"target", text(channel.target)},
                         {"kind", text(to_string(channel.kind))},
                         {"when", text(to_string(channel.settings.when))},
                         {"open", sdbus::Variant(report != nullptr)}};
        if (report != nullptr) {
            entry.insert(report->begin(), report->end());
        }
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace spicykvm::service
