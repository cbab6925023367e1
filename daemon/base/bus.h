// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/result.h"

#include <memory>
#include <string>

namespace sdbus {
class IConnection;
}

namespace spicykvm {

enum class BusKind { System, Session };

/// A connection to a message bus, served by the event loop. Only the loop's thread may touch it or
/// anything that is built on it.
class Bus {
  public:
    /// Connects and waits for the bus daemon's greeting; so call it before anything is grabbed.
    [[nodiscard]] static Result<std::unique_ptr<Bus>> open(EventLoop& loop, BusKind kind);
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    ~Bus();

    /// Takes a well-known name; call it once the objects are there. Waits for the bus daemon.
    /// AccessDenied: the policy of the bus.
    [[nodiscard]] Result<void> request_name(const std::string& name);

    /// `callback` is called once, in a turn of its own, when the bus daemon has closed the
    /// connection. Nothing on this connection works any more then.
    void on_disconnected(EventLoop::Callback callback);

    [[nodiscard]] sdbus::IConnection& connection() noexcept { return *connection_; }
    [[nodiscard]] EventLoop& loop() noexcept { return loop_; }
    [[nodiscard]] BusKind kind() const noexcept { return kind_; }

  private:
    class Pump;
    Bus(EventLoop& loop, BusKind kind, std::unique_ptr<sdbus::IConnection> connection);
    void lost();

    EventLoop& loop_;
    BusKind kind_;
    std::unique_ptr<sdbus::IConnection> connection_;
    /// Shared with the deferred call, which finds null when this object is gone.
    std::shared_ptr<EventLoop::Callback> disconnected_;
    std::unique_ptr<Pump> pump_;
};

} // namespace spicykvm
