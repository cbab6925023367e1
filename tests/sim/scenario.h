// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace spicykvm::sim {

/// A stretch of the guest's time; seconds from the beginning.
struct Stretch {
    double begin;
    double length;
};

/// What the guest, QEMU and the sound device do.
struct Scenario {
    std::uint64_t seed = 1;
    double hours = 1;

    // QEMU's audio timer
    double tick_ms = 10;
    double tick_noise_us = 60;   ///< mean of the exponential lateness
    double spike_chance = 0;     ///< of a tick to be 1 to 5 ms late
    std::vector<Stretch> stalls; ///< no tick runs
    double stall_every_s = 0;    ///< and one of these, again and again
    double stall_ms = 0;
    std::vector<Stretch> stops;  ///< STOP, and START after it
    std::vector<Stretch> pauses; ///< the VM stands still, and nobody says so
    std::vector<double> drops;   ///< the server replaces one packet by the next
    double transport_us = 30;
    double tick_ms_later = 0; ///< from half of the time on; 0: the same

    // another host
    bool remote = false;
    double skew_ppm = 0; ///< of the guest's clock

    // the device
    double device_ppm = 0;
    double wander_ppm = 0; ///< sine of ten minutes
    std::vector<std::int64_t> quanta{256};
    double quantum_every_s = 0; ///< the next of `quanta`; the first two of it come together
    double jitter_us = 40;      ///< mean of the exponential lateness of a callback
    double late_chance = 0;     ///< of a callback to be 1 to 4 ms late
    double missed_chance = 0;   ///< of a cycle not to happen
    std::uint32_t graph_rate = 48000;
    double device_begins_s = 0;

    double prior_ms = 13;
};

/// The usual disturbances: +-200 ppm, wander, spikes.
inline Scenario rough(std::uint64_t seed, double hours, double device_ppm) {
    Scenario s;
    s.seed = seed;
    s.hours = hours;
    s.spike_chance = 0.001;
    s.device_ppm = device_ppm;
    s.wander_ppm = 20;
    s.prior_ms = 14.5;
    return s;
}

} // namespace spicykvm::sim
