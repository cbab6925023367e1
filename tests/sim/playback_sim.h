// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/player.h"
#include "sim/scenario.h"

#include <functional>
#include <memory>

namespace spicykvm::sim {

/// What was heard of a scenario. Delays are D of the design: from a packet being due to its frames
/// being read, beyond which come the packet itself (10 ms) and the device.
struct Report {
    std::uint64_t requests = 0;
    std::uint64_t starved = 0;
    std::uint64_t gaps = 0; ///< times the sound broke off while the guest played
    double silent_ms = 0;
    double delay_ms = 0;     ///< mean of the last quarter
    double delay_max_ms = 0; ///< after settling
    double delay_min_ms = 1e9;
    double modulation_ms = 0; ///< largest p99 - p1 within a minute
    double tracking_ppm = 0;  ///< largest mean over 10 s
    double ratio_sd_ppm = 0;
    double first_sound_ms = -1; ///< from START to a request that sounds
    double start_excess_ms = 0; ///< most delay in the first 10 s, above the last minute's mean
};

/// What a test wants to see of every request: seconds since the beginning, actual delay in ms.
using Watcher = std::function<void(double, double, const Outcome&)>;

Report run(const Scenario& scenario, Player& player, const Watcher& watch = {});

} // namespace spicykvm::sim
