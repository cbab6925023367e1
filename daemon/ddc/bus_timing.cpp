// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/bus_timing.h"

#include <algorithm>

namespace spicykvm::ddc {

namespace {

using namespace std::chrono_literals;

Milliseconds rest_after(const Request& request, unsigned slowness) noexcept {
    switch (request.operation) {
    case Operation::Display:
        return 0ms; // of the kernel, not of a bus
    case Operation::Edid:
        return 0ms; // another chip
    case Operation::Save:
        return 200ms * slowness;
    case Operation::Set:
        // Dell: the second picture can be given an input only when it is there.
        return request.vcp == VcpCode::DellPictureMode ? std::max(3000ms, 50ms * slowness)
                                                       : 50ms * slowness;
    case Operation::Get:
    case Operation::Capabilities:
        return 50ms * slowness;
    }
    return 50ms * slowness;
}

} // namespace

TimePoint BusTiming::earliest(Bus bus) const {
    const auto found = rested_at_.find(bus);
    return found == rested_at_.end() ? TimePoint{} : found->second;
}

void BusTiming::used(const Request& request, unsigned slowness, TimePoint now) {
    TimePoint& rested_at = rested_at_[request.bus];
    rested_at = std::max(rested_at, now + rest_after(request, std::clamp(slowness, 1U, 10U)));
}

Milliseconds BusTiming::reply_delay(unsigned slowness) noexcept {
    return 50ms * std::clamp(slowness, 1U, 10U);
}

} // namespace spicykvm::ddc
