// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/guest_input.h"

#include <vector>

namespace spicykvm::test {

/// Remembers what an inputs channel told.
struct GuestInputRecorder final : core::GuestInputObserver {
    void on_motion_ack(unsigned count) noexcept override { acked += count; }
    void on_leds(core::LedState state) noexcept override { leds.push_back(state); }

    unsigned acked = 0;
    std::vector<core::LedState> leds;
};

} // namespace spicykvm::test
