// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/click_check.h"

#include <cmath>
#include <cstddef>

namespace spicykvm::test {

std::function<double(audio::Frames)> clicks(audio::Frames period) {
    return [period](audio::Frames frame) { return frame % period == period / 2 ? 0.9 : 0.0; };
}

std::vector<double> delays_of(const Recorder& recorder, const GuestSound& guest,
                              audio::Frames period) {
    const auto samples = recorder.samples();
    std::vector<double> delays;
    for (std::size_t i = 1; i + 1 < samples.size(); ++i) {
        // The peak: a resampler makes a short wave of a pulse.
        if (samples[i] < 0.4F || samples[i] < samples[i - 1] || samples[i] <= samples[i + 1]) {
            continue;
        }
        const double since = audio::frames_in(recorder.time_of(i) - guest.time_of(period / 2));
        const auto length = static_cast<double>(period);
        delays.push_back((since - std::floor(since / length) * length) / 48);
    }
    return delays;
}

} // namespace spicykvm::test
