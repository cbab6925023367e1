// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "base/event_loop.h"
#include "base/fd.h"
#include "base/result.h"
#include "session/event_fd.h"
#include "spice/out_buffer.h"
#include "spice/socket_io.h"

#include <atomic>
#include <functional>
#include <string_view>
#include <thread>

namespace spicykvm::session {

/// What a SocketThread calls, all on its thread.
class SocketUser {
  public:
    /// `arrival`: taken right after the bytes were read. False: they are wrong, see error().
    virtual bool receive(ByteSpan bytes, TimePoint arrival) noexcept = 0;
    /// The socket holds nothing more.
    virtual void drained() noexcept = 0;
    /// Once a turn, before what out() holds is sent. True: the loop is to be told of a change.
    virtual bool turn(TimePoint now) noexcept = 0;
    [[nodiscard]] virtual spice::OutBuffer& out() noexcept = 0;
    [[nodiscard]] virtual std::string_view error() const noexcept = 0;

  protected:
    ~SocketUser() = default;
};

/// Serves one linked socket on a thread of its own: nothing that the loop does makes a packet look
/// late, and a peer that takes nothing keeps nobody waiting.
class SocketThread {
  public:
    struct Callbacks {
        std::function<void()> changed;           ///< a turn said so
        std::function<void(const Error&)> ended; ///< the connection is of no more use; once, last
    };

    /// The callbacks come from the loop and may destroy this. `user` must outlive this. Throws
    /// std::system_error.
    SocketThread(EventLoop& loop, Fd socket, SocketUser& user, Callbacks callbacks);
    SocketThread(const SocketThread&) = delete;
    SocketThread& operator=(const SocketThread&) = delete;
    /// Waits for the thread, which waits for nothing; then hangs up, also for others who have the
    /// socket.
    ~SocketThread();

    /// Makes for a turn. Any thread, also by writing to the descriptor.
    void wake() const noexcept { wake_.signal(); }
    [[nodiscard]] int wake_fd() const noexcept { return wake_.get(); }

  private:
    void run() noexcept;
    bool wait() noexcept;
    bool receive() noexcept;
    bool flush() noexcept;
    bool lose(const spice::IoResult& result) noexcept;
    bool fail(ErrorCode code, std::string_view cause) noexcept;
    void on_event();

    SocketUser& user_;
    const Callbacks callbacks_;
    Fd socket_;
    EventFd stop_;
    EventFd wake_;
    EventFd event_;
    Error error_; ///< of the thread until `ended_`
    std::atomic<bool> ended_{false};
    EventSource source_;
    std::thread thread_;
};

} // namespace spicykvm::session
