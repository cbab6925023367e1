// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "audio.h"

#include "base/log.h"
#include "settings.h"

#include <algorithm>
#include <array>
#include <sys/socket.h>

namespace spicykvm {

namespace {

constexpr std::array kKinds{core::AudioKind::Playback, core::AudioKind::Record};

/// On both sides: others have the socket, too.
void shut_down(const Fd& socket) {
    (void)::shutdown(socket.get(), SHUT_RDWR);
}

} // namespace

std::vector<core::AudioChannel> Audio::audio_channels() const {
    std::vector<core::AudioChannel> list;
    for (const core::TargetId id : targets_.order()) {
        const auto& target = targets_.settings(id);
        for (const core::AudioKind kind : kKinds) {
            const auto& settings = audio_settings(target, kind);
            if (settings.when != core::AudioWhen::Never && targets_.has_audio(id, kind)) {
                const std::string name = targets_.status(id).guest.name;
                list.push_back({.target = target.name,
                                .kind = kind,
                                .description = name.empty() ? target.name : name,
                                .settings = settings,
                                .same_clock = targets_.on_this_host(id)});
            }
        }
    }
    return list;
}

void Audio::update() {
    auto now = audio_channels();
    if (now == told_) {
        return;
    }
    told_ = std::move(now);
    std::erase_if(handed_out_, [this](const auto& entry) {
        const Key& key = entry.first;
        const bool listed = std::any_of(told_.begin(), told_.end(), [&](const auto& channel) {
            return channel.target == key.first && channel.kind == key.second;
        });
        if (!listed) {
            shut_down(entry.second);
        }
        return !listed;
    });
    if (observer_ != nullptr) {
        observer_->on_audio_channels_changed();
    }
}

void Audio::open_audio(std::string_view name, core::AudioKind kind, OpenDone done) {
    const auto target = targets_.find(name);
    if (!target) {
        return done(fail(ErrorCode::NotFound,
                         "no target \"" + std::string(name) + "\" in the configuration"));
    }
    if (audio_settings(targets_.settings(*target), kind).when == core::AudioWhen::Never) {
        return done(fail(ErrorCode::NotFound, "target " + std::string(name) + ": " +
                                                  std::string(to_string(kind)) +
                                                  " is not wanted by the configuration"));
    }
    close_audio(name, kind);
    targets_.open_audio(
        *target, kind, [this, key = Key(name, kind), done = std::move(done)](Result<Fd> socket) {
            if (!socket) { // maybe because this is being destroyed
                return done(tl::make_unexpected(std::move(socket.error())));
            }
            close_audio(key.first, key.second);
            const int fd =
                handed_out_.insert_or_assign(key, std::move(*socket)).first->second.get();
            log("audio").info("{} of {}: handed over", to_string(key.second), key.first);
            done(fd);
        });
}

void Audio::close_audio(std::string_view target, core::AudioKind kind) {
    if (const auto socket = handed_out_.extract(Key(target, kind))) {
        shut_down(socket.mapped());
    }
}

} // namespace spicykvm
