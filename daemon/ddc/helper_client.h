// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "ddc/bus_timing.h"
#include "ddc/helper_process.h"
#include "ddc/messages.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <optional>

namespace spicykvm::ddc {

/// The daemon's side of spicykvm-ddc. Never waits: one that does not answer in time is killed, left
/// behind, and replaced, because its end may come never. Main loop.
class HelperClient {
  public:
    /// Timeout: no answer within the deadline. Disconnected: it ended. Protocol: it sent nonsense.
    /// Busy: too many hang. Else: it can't be started.
    using Done = std::function<void(Result<Reply>)>;

    HelperClient(EventLoop& loop, HelperCommand command);
    HelperClient(const HelperClient&) = delete;
    HelperClient& operator=(const HelperClient&) = delete;
    /// Forgets what is under way. A busy helper is killed, an idle one ends by itself.
    ~HelperClient();

    /// Starts the helper now, so that the first switch need not wait for it.
    [[nodiscard]] Result<void> start();

    /// Sends `request` (its serial is set here) after those before it. `done` is called once, not
    /// from inside, unless the client is destroyed first.
    void send(Request request, Done done);

    /// Helpers that were killed and have not ended.
    [[nodiscard]] std::size_t hanging() const noexcept { return leaving_.size(); }

    /// From sending to the answer. Waiting for a lock takes half of it.
    static constexpr Milliseconds kDeadline{3000};
    static constexpr std::size_t kMaxHanging = 4;

    /// For tests of what happens when it is missed.
    void set_deadline(Milliseconds deadline) { deadline_ = deadline; }
    /// For tests of what happens when too many hang.
    void set_max_hanging(std::size_t most) { max_hanging_ = most; }

    /// When each bus may be used again, for all who send requests.
    [[nodiscard]] BusTiming& timing() noexcept { return timing_; }

  private:
    struct Waiting {
        Request request;
        Done done;
    };
    struct Leaving {
        Fd pidfd;
        EventSource source;
    };

    void send_next();
    [[nodiscard]] Result<void> send_to_helper(const Request& request);
    void on_readable();
    void on_reply(Reply reply);
    void on_deadline();
    /// Lets go of the helper: it is killed and its end, if it comes, is noticed.
    void retire();
    void answer(Result<Reply> reply);

    EventLoop& loop_;
    HelperCommand command_;
    Milliseconds deadline_ = kDeadline;
    std::size_t max_hanging_ = kMaxHanging;
    BusTiming timing_;
    std::deque<Waiting> queue_; ///< the first is under way, if in_flight_
    bool in_flight_ = false;
    bool is_second_try_ = false; ///< of the request under way, by a new helper
    std::uint32_t serial_ = 0;
    std::optional<HelperProcess> helper_;
    EventSource socket_source_;
    std::list<Leaving> leaving_;
    Timer send_soon_;
    Timer deadline_timer_;
};

} // namespace spicykvm::ddc
