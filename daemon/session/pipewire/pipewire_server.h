// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "session/pipewire/connection.h"
#include "session/pipewire/runtime_socket.h"
#include "session/pipewire/stream_node.h"
#include "session/sound_server.h"
#include "spice/backoff.h"

#include <memory>
#include <string>

namespace spicykvm::session {

/// The user's PipeWire. Its client runs within our own loop, so that all of PipeWire's callbacks
/// but process() come on the loop thread; libpipewire has one thread beside it, for the data. After
/// PipeWire was restarted all streams come back by themselves. Outlives its streams.
class PipeWireServer final : public SoundServer {
  public:
    /// Throws std::system_error if libpipewire can't work here: it is not installed as a whole.
    /// That PipeWire does not run is no error.
    explicit PipeWireServer(EventLoop& loop);
    PipeWireServer(const PipeWireServer&) = delete;
    PipeWireServer& operator=(const PipeWireServer&) = delete;
    ~PipeWireServer() override;

    [[nodiscard]] std::unique_ptr<SoundStream>
    open_playback(const StreamSettings& settings, audio::PlaybackShared& shared,
                  std::function<void()> changed) override;
    [[nodiscard]] std::unique_ptr<SoundStream> open_capture(const StreamSettings& settings,
                                                            audio::RecordShared& shared,
                                                            std::function<void()> changed,
                                                            int recorded) override;

  private:
    void try_connect();
    void disconnect();
    void set_problem(const std::string& problem);
    void refresh_all();

    PipeWireLibrary library_;
    Hub hub_;
    LoopPtr pipewire_loop_;
    ContextPtr context_;
    EventSource source_;
    spice::Backoff backoff_;
    Timer attempt_;
    Timer drop_; ///< the connection is not ended from inside its own callback
    std::string lost_;
    SocketWatch socket_;
    std::unique_ptr<Connection> connection_;
};

} // namespace spicykvm::session
