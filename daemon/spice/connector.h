// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"
#include "base/result.h"
#include "spice/endpoint.h"
#include "spice/resolver.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace spicykvm::spice {

/// Where to connect, and under which conditions.
struct ConnectTarget {
    Endpoint endpoint;
    std::string address;           ///< the same for people
    bool insecure = false;         ///< plain TCP beyond this host is allowed
    std::optional<uid_t> peer_uid; ///< who must own the other end of a unix socket
};

/// Safety law 7, as far as it is known before a name is looked up: the configuration is checked
/// with it, and the Connector checks the addresses it uses.
[[nodiscard]] Result<void> check_plain_tcp(const Endpoint& endpoint, bool insecure);

/// Makes a stream connection without blocking; tries the addresses of a host one after the other.
/// Dropping it gives up. It has no time limit of its own.
class Connector {
  public:
    using Callback = std::function<void(Result<Fd>)>;

    /// `callback` is never called from inside the constructor, and may destroy the connector.
    /// `target` must outlive this.
    Connector(EventLoop& loop, const ConnectTarget& target, Callback callback);

    /// What it is waiting for, for the error of who gives up.
    [[nodiscard]] Error timed_out(Milliseconds waited) const;

  private:
    void begin();
    void use(Resolver::Addresses addresses);
    void try_next();
    bool try_one(const SocketAddress& address);
    void on_writable();
    void connected();
    void finish(Result<Fd> result);

    EventLoop& loop_;
    const ConnectTarget& target_;
    Callback callback_;
    std::unique_ptr<Resolver> resolver_;
    Resolver::Addresses addresses_; ///< still to be tried, the next one last
    int last_error_ = 0;
    Fd socket_;
    EventSource source_;
    Timer start_;
};

} // namespace spicykvm::spice
