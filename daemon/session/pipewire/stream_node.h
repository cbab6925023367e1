// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "session/pipewire/connection.h"
#include "session/pipewire/node_state.h"
#include "session/sound_server.h"

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
    std::string problem; ///< why there is no connection
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
    /// Before an attempt after an error.
    static constexpr Microseconds kRetry{2'000'000};
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

    [[nodiscard]] StreamState state() const noexcept { return state_of(view_); }
    [[nodiscard]] std::string problem() const { return problem_of(view_); }
    /// How often a node followed another one.
    [[nodiscard]] std::uint64_t reconnections() const noexcept {
        return nodes_made_ > 0 ? nodes_made_ - 1 : 0;
    }

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
    std::uint64_t nodes_made_ = 0;
    Timer settle_; ///< callbacks only arm it: nothing is destroyed from inside of one
    Timer retry_;
    Timer stuck_;
    StreamPtr stream_;
    Hook hook_;
};

} // namespace spicykvm::session
