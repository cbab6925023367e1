// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "core/event.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spicykvm::core {

using Uuid = std::array<std::uint8_t, 16>;

/// How a target's SPICE session stands.
enum class ConnectionState : std::uint8_t {
    Disconnected, ///< nobody wants it connected
    Connecting,
    Connected, ///< main and inputs are linked, the identity is checked, the mouse mode is server
               ///< mode
    Waiting,   ///< failed; will be tried again by itself
    TakenOver, ///< another SPICE client took the session; tried again only on Activate
};
[[nodiscard]] std::string_view to_string(ConnectionState state) noexcept;

/// Who answered: from SPICE NAME and UUID, sanitised (printable, at most 255 bytes). Not
/// authentication.
struct GuestIdentity {
    std::string name;
    std::optional<Uuid> uuid;
    bool operator==(const GuestIdentity&) const = default;
};

/// The SPICE sessions as the switch sees them. Main loop.
class GuestPort {
  public:
    /// Connects if needed. Answered by on_guest_connected() or on_guest_connect_failed(), never
    /// from inside the call.
    virtual void connect(TargetId target) = 0;
    [[nodiscard]] virtual ConnectionState connection(TargetId target) const = 0;

  protected:
    ~GuestPort() = default;
};

class GuestObserver {
  public:
    virtual void on_guest_connected(TargetId target) = 0;
    virtual void on_guest_connect_failed(TargetId target, const Error& error) = 0;
    virtual void on_guest_disconnected(TargetId target, const Error& reason) = 0;

  protected:
    ~GuestObserver() = default;
};

} // namespace spicykvm::core
