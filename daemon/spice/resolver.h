// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/result.h"
#include "spice/socket_address.h"

#include <functional>
#include <memory>
#include <vector>

namespace spicykvm::spice {

/// Looks a host's name up without blocking the loop: on a thread of its own, which ends with the
/// look-up. Dropping the resolver forgets the answer.
class Resolver {
  public:
    using Addresses = std::vector<SocketAddress>;
    using Callback = std::function<void(Result<Addresses>)>;

    /// `callback` may destroy the resolver.
    Resolver(EventLoop& loop, const TcpEndpoint& endpoint, Callback callback);
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    ~Resolver();

  private:
    struct Lookup;
    void on_answer();

    /// Shared with the thread, which may outlive this: getaddrinfo() can't be cancelled.
    std::shared_ptr<Lookup> lookup_;
    Callback callback_;
    EventSource source_;
};

} // namespace spicykvm::spice
