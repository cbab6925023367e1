// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/stream_params.h"

#include <new>
#include <spa/param/audio/format-utils.h>
#include <spa/param/latency-utils.h>

namespace spicykvm::session {

pw_properties* properties_of(const StreamSettings& settings, spa_direction direction) {
    const bool plays = direction == SPA_DIRECTION_OUTPUT;
    pw_properties* properties = pw_properties_new(nullptr, nullptr);
    if (properties == nullptr) {
        throw std::bad_alloc();
    }
    const auto set = [properties](const char* key, const std::string& value) {
        pw_properties_set(properties, key, value.c_str());
    };
    set(PW_KEY_MEDIA_TYPE, "Audio");
    set(PW_KEY_MEDIA_CATEGORY, plays ? "Playback" : "Capture");
    set(PW_KEY_MEDIA_NAME, settings.description);
    set(PW_KEY_APP_NAME, settings.application);
    set(PW_KEY_NODE_NAME, settings.node_name);
    set(PW_KEY_NODE_DESCRIPTION, settings.description);
    set(PW_KEY_NODE_LATENCY, std::to_string(settings.quantum) + "/" + std::to_string(audio::kRate));
    if (!settings.device.empty()) {
        set(PW_KEY_TARGET_OBJECT, settings.device);
    }
    return properties;
}

LatencyParam::LatencyParam(audio::Nanoseconds latency) {
    spa_pod_builder builder{};
    spa_pod_builder_init(&builder, bytes_.data(), static_cast<std::uint32_t>(bytes_.size()));
    spa_process_latency_info info{};
    info.ns = static_cast<decltype(info.ns)>(latency.count());
    pod_ = spa_process_latency_build(&builder, SPA_PARAM_ProcessLatency, &info);
}

ConnectParams::ConnectParams(audio::Nanoseconds latency) : latency_(latency) {
    spa_pod_builder builder{};
    spa_pod_builder_init(&builder, bytes_.data(), static_cast<std::uint32_t>(bytes_.size()));
    spa_audio_info_raw info{};
    info.format = SPA_AUDIO_FORMAT_F32;
    info.rate = static_cast<std::uint32_t>(audio::kRate);
    info.channels = static_cast<std::uint32_t>(audio::kChannels);
    info.position[0] = SPA_AUDIO_CHANNEL_FL;
    info.position[1] = SPA_AUDIO_CHANNEL_FR;
    format_ = spa_format_audio_raw_build(&builder, SPA_PARAM_EnumFormat, &info);
}

} // namespace spicykvm::session
