// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/device.h"

#include <cmath>
#include <numbers>

namespace spicykvm::sim {

Device::Device(const Scenario& scenario, TimePoint begin)
    : scenario_(scenario), random_(scenario.seed * 2), begin_(begin),
      true_time_(begin + audio::Nanoseconds(
                             static_cast<std::int64_t>(scenario.device_begins_s * 1e9 + 3.3e6))),
      next_change_(scenario.quantum_every_s) {
    request();
}

double Device::elapsed() const noexcept {
    return audio::seconds(true_time_ - begin_);
}

/// The frames of this cycle at 48 kHz: with another graph rate their number alternates.
void Device::request() {
    const double now = elapsed();
    const double wander = scenario_.wander_ppm * std::sin(2 * std::numbers::pi * now / 600 +
                                                          static_cast<double>(scenario_.seed));
    rate_ = 1 + (scenario_.device_ppm + wander) * 1e-6;
    const auto quantum = static_cast<double>(scenario_.quanta[quantum_]);
    const double end = (ticks_ + quantum) * 48000.0 / scenario_.graph_rate;
    pull_.frames = static_cast<audio::Frames>(std::ceil(end)) - static_cast<audio::Frames>(asked_);
    asked_ = std::ceil(end);
    pull_.ticks = static_cast<audio::Frames>(ticks_);
    pull_.tick_rate = scenario_.graph_rate;
    double late = random_.exponential(scenario_.jitter_us * 1e-6);
    if (scenario_.late_chance > 0 && random_.uniform() < scenario_.late_chance) {
        late += random_.between(1e-3, 4e-3);
    }
    pull_.now = true_time_ + audio::Nanoseconds(static_cast<std::int64_t>(late * 1e9));
}

void Device::advance() {
    const auto quantum = static_cast<double>(scenario_.quanta[quantum_]);
    double cycles = 1;
    if (scenario_.missed_chance > 0 && random_.uniform() < scenario_.missed_chance) {
        cycles = 2;
        asked_ += quantum * 48000.0 / scenario_.graph_rate;
        asked_ = std::floor(asked_);
    }
    ticks_ += quantum * cycles;
    const double duration = quantum * cycles * 1e9 / (scenario_.graph_rate * rate_) + remainder_;
    const double whole = std::floor(duration);
    remainder_ = duration - whole;
    if (next_change_ > 0 && elapsed() >= next_change_) {
        next_change_ += scenario_.quantum_every_s;
        const auto old = static_cast<double>(scenario_.quanta[quantum_]);
        quantum_ = (quantum_ + 1) % scenario_.quanta.size();
        // Two requests of the new size within the time of one, as a null sink does: the device
        // then holds more, or less, than before.
        const auto now = static_cast<double>(scenario_.quanta[quantum_]);
        const double spacing = now > old ? old : 2 * old;
        true_time_ +=
            audio::Nanoseconds(static_cast<std::int64_t>(spacing * 1e9 / scenario_.graph_rate / 2));
        request();
        return;
    }
    true_time_ += audio::Nanoseconds(static_cast<std::int64_t>(whole));
    request();
}

} // namespace spicykvm::sim
