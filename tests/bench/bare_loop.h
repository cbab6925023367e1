// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"

#include <sys/types.h>
#include <thread>

namespace spicykvm::bench {

/// The baseline: the least that brings events of a device to a socket as SPICE messages. epoll, one
/// read(), one send(); no hotkeys, no ledger, no pacing, nothing that could go wrong is handled.
class BareLoop {
  public:
    /// `socket` stays the caller's.
    BareLoop(Fd events, int socket, int rt_priority);
    BareLoop(const BareLoop&) = delete;
    BareLoop& operator=(const BareLoop&) = delete;
    ~BareLoop();

    [[nodiscard]] pid_t thread() const noexcept { return id_; }
    [[nodiscard]] int events_fd() const noexcept { return events_.get(); }

  private:
    void run();

    Fd events_;
    int socket_;
    Fd stop_;
    Fd epoll_;
    pid_t id_ = 0;
    std::thread thread_;
};

} // namespace spicykvm::bench
