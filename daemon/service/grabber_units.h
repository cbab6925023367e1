// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"

#include <functional>
#include <memory>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <vector>

namespace spicykvm::service {

/// Which services run that are known to grab keyboards, by the systemd of the daemon's bus.
class GrabberUnits {
  public:
    using Found = std::function<void(const std::vector<std::string>& units)>;

    /// `bus` must outlive this. Throws sdbus::Error if it is gone.
    explicit GrabberUnits(Bus& bus);

    /// `found` is called once, later, from the loop, half a second from now at the latest; without
    /// units, too, if systemd does not tell. Not if this object is gone.
    void find(const Found& found);

  private:
    EventLoop& loop_;
    std::unique_ptr<sdbus::IProxy> systemd_;
    /// Shared with the deferred call, which finds it expired when this is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace spicykvm::service
