// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "ddc/display.h"
#include "ddc/messages.h"

#include <map>

namespace spicykvm::ddc {

/// When each bus may be used again. Monitors need rest after a request; to wait before the next one
/// instead of after each costs nothing if there is none. Apart from descriptors, which are closed
/// after every operation. The figures are those of DDC/CI 1.1 section 4, and ddcutil's.
class BusTiming {
  public:
    /// When `request` may begin: now or earlier, if the bus has had its rest.
    [[nodiscard]] TimePoint earliest(Bus bus) const;
    /// `request` ended at `now`, with whatever result. `slowness`: 1..10, of the monitor; rests are
    /// never shortened.
    void used(const Request& request, unsigned slowness, TimePoint now);

    /// From the end of a request that has a reply to the reading of it.
    [[nodiscard]] static Milliseconds reply_delay(unsigned slowness) noexcept;

  private:
    std::map<Bus, TimePoint> rested_at_;
};

} // namespace spicykvm::ddc
