// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/guest_sound.h"
#include "support/sound_streams.h"

#include <functional>
#include <vector>

namespace spicykvm::test {

/// Rest, and a pulse every `period` frames, the first one half a period after the beginning.
[[nodiscard]] std::function<double(audio::Frames)> clicks(audio::Frames period);

/// For each pulse of `guest` (see clicks()) in the recording: how long after it was made it was
/// played, in ms. Known up to the period, which is to be longer than any delay.
[[nodiscard]] std::vector<double> delays_of(const Recorder& recorder, const GuestSound& guest,
                                            audio::Frames period);

} // namespace spicykvm::test
