// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/pipewire/handles.h"
#include "session/sound_server.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace spicykvm::session {

/// The properties of a stream's node; the stream becomes their owner. No media.role: WirePlumber
/// would share the volume among all streams of that role. With none, it remembers the volume by the
/// application's name.
[[nodiscard]] pw_properties* properties_of(const StreamSettings& settings, spa_direction direction);

/// SPA_PARAM_ProcessLatency: how long the samples have been in this process. Holds the bytes.
class LatencyParam {
  public:
    explicit LatencyParam(audio::Nanoseconds latency);
    LatencyParam(const LatencyParam&) = delete;
    LatencyParam& operator=(const LatencyParam&) = delete;

    [[nodiscard]] const spa_pod* get() const noexcept { return pod_; }

  private:
    std::array<std::uint8_t, 256> bytes_;
    const spa_pod* pod_;
};

/// What a stream offers: F32, interleaved, 48 kHz, front left and right. PipeWire's adapter does
/// the rest: other rates of the graph, and channels that are more or fewer.
class ConnectParams {
  public:
    explicit ConnectParams(audio::Nanoseconds latency);
    ConnectParams(const ConnectParams&) = delete;
    ConnectParams& operator=(const ConnectParams&) = delete;

    [[nodiscard]] std::array<const spa_pod*, 2> list() const noexcept {
        return {format_, latency_.get()};
    }

  private:
    std::array<std::uint8_t, 512> bytes_;
    const spa_pod* format_;
    LatencyParam latency_;
};

} // namespace spicykvm::session
