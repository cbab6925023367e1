// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "session/pipewire/connection.h"
#include "session/pipewire/node_state.h"
#include "session/sound_server.h"
#include "spice/backoff.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace spicykvm::session {

class StreamNode;

/// What all streams of a server share.
struct Hub {
    EventLoop& loop;
    Connection* connection = nullptr;
    std::string problem;    ///< why there is no connection
    bool is_ending = false; ///< the connection failed, and will be dropped in a later turn
    std::vector<StreamNode*> nodes;
};

/// What moves a stream's samples.
class Processor {
  public:
    virtual ~Processor() = default;
    /// Data thread, once a cycle or more often: no allocation, lock, log, or system call but the
    /// clock's.
    virtual void process(pw_stream& stream) noexcept = 0;
};

/// A stream's node in the graph. It is there while there is a connection and the device that is
/// configured, and is made anew after errors. Loop thread; `processor` is called on the data thread
/// while this exists.
class StreamNode {
  public:
    /// Between attempts after errors; a session manager that starts knows no devices at first.
    static constexpr Milliseconds kFirstRetry{100};
    static constexpr Milliseconds kLastRetry{2000};
    /// Wanted for so long and still not running is worth a word.
    static constexpr Microseconds kStuck{3'000'000};

    /// `hub` must outlive it. `changed`: state or problem did; from the loop.
    StreamNode(Hub& hub, spa_direction direction, StreamSettings settings, Processor& processor,
               std::function<void()> changed);
    StreamNode(const StreamNode&) = delete;
    StreamNode& operator=(const StreamNode&) = delete;
    ~StreamNode();

    void set_active(bool active);
    /// Published for those who synchronise picture and sound, from the next node on at the latest.
    void set_latency(audio::Nanoseconds latency);

    /// As it was when `changed` was called last.
    [[nodiscard]] StreamState state() const noexcept { return told_state_; }
    [[nodiscard]] const std::string& problem() const noexcept { return told_problem_; }
    /// How often PipeWire was restarted below it.
    [[nodiscard]] std::uint64_t reconnections() const noexcept { return reconnections_; }

    /// The connection is about to end: destroys the node, now.
    void drop();
    /// There is another connection, or other devices.
    void refresh();

  private:
    void settle();
    void make();
    void destroy();
    [[nodiscard]] bool has_place();
    void watch_for_stuck();
    void tell();
    void on_state(pw_stream_state state, const char* error);
    void publish_latency();

    Hub& hub_;
    spa_direction direction_;
    StreamSettings settings_;
    Processor& processor_;
    std::function<void()> changed_;
    NodeView view_;
    StreamState told_state_ = StreamState::Waiting;
    std::string told_problem_;
    audio::Nanoseconds latency_{};
    std::uint64_t reconnections_ = 0;
    bool was_dropped_ = false;
    spice::Backoff backoff_{kFirstRetry, kLastRetry};
    Timer settle_; ///< callbacks only arm it: nothing is destroyed from inside of one
    Timer retry_;
    Timer stuck_;
    StreamPtr stream_;
    Hook hook_;
};

} // namespace spicykvm::session
