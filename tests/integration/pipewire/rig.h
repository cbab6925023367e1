// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/pipewire/pipewire_server.h"
#include "support/click_check.h"
#include "support/graph_client.h"
#include "support/guest_sound.h"
#include "support/pipewire.h"
#include "support/run_until.h"
#include "support/sound_streams.h"
#include "support/tone_check.h"

#include <gtest/gtest.h>
#include <memory>
#include <string>

namespace spicykvm::test {

using session::SoundStream;
using session::StreamState;
using session::StreamStatus;

inline constexpr double kTone = 1000;

/// Large, for a machine that is busy with other tests.
inline session::StreamSettings stream_settings(const std::string& name,
                                               const std::string& device = {}) {
    return {name, "spicykvm test", "A guest", device, 1024};
}

/// Packets wait for so long that a busy machine does not matter either.
inline audio::TargetPolicy::Settings patient() {
    audio::TargetPolicy::Settings settings;
    settings.prior = audio::Nanoseconds(80'000'000);
    return settings;
}

/// A private PipeWire, the server object of the session process, and a loop for it.
class PipeWireRig {
  public:
    explicit PipeWireRig(const PipeWireSettings& settings = {})
        : pipewire(settings), graph(std::make_unique<GraphClient>()), server(loop) {}

    bool run_until(const std::function<bool()>& condition,
                   Milliseconds timeout = std::chrono::seconds(20)) {
        return test::run_until(loop, condition, timeout);
    }
    bool link(const std::string& from, const std::string& to) {
        return run_until([&] { return graph->link(from, to); });
    }
    /// As after a crash of PipeWire: the test's own client of the old one is of no use.
    void restart() {
        pipewire.kill();
        pipewire.start();
        graph = std::make_unique<GraphClient>();
    }

    PrivatePipeWire pipewire;
    EventLoop loop;
    std::unique_ptr<GraphClient> graph;
    session::PipeWireServer server;
};

/// A guest that plays, up to a stream in the rig's graph.
struct PlayingGuest {
    PlayingGuest(PipeWireRig& rig, const std::function<double(audio::Frames)>& wave,
                 const std::string& device = {})
        : source(shared, patient(), audio::VolumeLaw::Ignore), guest(rig.loop, source, wave),
          stream(rig.server.open_playback(stream_settings("guest", device), shared,
                                          [this] { ++changes; })) {
        stream->set_active(true);
        guest.start();
    }

    unsigned changes = 0;
    audio::PlaybackShared shared;
    audio::PlaybackSource source;
    GuestSound guest;
    std::unique_ptr<SoundStream> stream;
};

/// What may interrupt a tone although nothing is wrong with the streams: a busy machine.
inline std::size_t excuses(const StreamStatus& status, const Recorder& recorder,
                           std::size_t begin) {
    return status.graph_gaps + status.underruns + status.skips + recorder.gaps(begin);
}

} // namespace spicykvm::test
