// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"
#include "base/result.h"
#include "spice/connector.h"
#include "spice/link.h"

#include <functional>
#include <memory>
#include <optional>

namespace spicykvm::spice {

/// Connects and links one channel. Dropping it gives up. It has no time limit of its own.
class ChannelOpener {
  public:
    struct Opened {
        Fd socket; ///< not a byte of what follows the handshake is taken
        Link::Capabilities capabilities;
    };
    using Callback = std::function<void(Result<Opened>)>;

    struct Request {
        LinkHello hello;
        LinkGoal goal = LinkGoal::Full;
    };

    /// `callback` is never called from inside the constructor, and may destroy the opener. `target`
    /// and `password` must outlive this.
    ChannelOpener(EventLoop& loop, const ConnectTarget& target, const Request& request,
                  const Password& password, Callback callback);

    /// What it is waiting for, for the error of who gives up.
    [[nodiscard]] Error timed_out(Milliseconds waited);

  private:
    void on_connected(Result<Fd> connected);
    void on_ready();
    void receive();
    void send();
    void finish(Result<Opened> result);

    EventLoop& loop_;
    const ConnectTarget& target_;
    const Password& password_;
    const Request request_;
    Callback callback_;
    std::unique_ptr<Connector> connector_;
    Fd socket_;
    std::optional<Link> link_;
    EventSource source_;
};

} // namespace spicykvm::spice
