// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"

#include <functional>
#include <memory>
#include <optional>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <sys/types.h>

namespace spicykvm::service {

/// A question to the bus daemon: as which user does `sender` talk? Dropping it withdraws it.
class UidLookup {
  public:
    /// None: the sender has left the bus, or the bus does not answer. Called later, once; may drop
    /// the lookup.
    using Callback = std::function<void(std::optional<uid_t>)>;

    /// Throws sdbus::Error if the bus is gone.
    UidLookup(sdbus::IProxy& bus_daemon, const std::string& sender, Callback callback);
    UidLookup(const UidLookup&) = delete;
    UidLookup& operator=(const UidLookup&) = delete;
    ~UidLookup();

  private:
    Callback callback_;
    sdbus::PendingAsyncCall call_;
    bool answered_ = false;
};

/// Who is on the other end of the bus. Never by process id, which another process may have by the
/// time of the answer; a unique name is never given twice.
class Callers {
  public:
    using Gone = std::function<void(const std::string& sender)>;

    /// `gone`: the sender has left the bus. Waits for the bus daemon.
    Callers(Bus& bus, Gone gone);

    [[nodiscard]] std::unique_ptr<UidLookup> look_up(const std::string& sender,
                                                     UidLookup::Callback callback);

  private:
    std::unique_ptr<sdbus::IProxy> bus_daemon_;
    sdbus::Slot departures_;
};

} // namespace spicykvm::service
