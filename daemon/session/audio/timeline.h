// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <limits>

namespace spicykvm::audio {

/// What the network side tells the device side: which frames there are to be, and when. Frame q is
/// to be read at `origin + duration_of(q) + delay`.
struct Timeline {
    static constexpr Frames kOpen = std::numeric_limits<Frames>::max();

    std::uint32_t stream = 0; ///< counts START messages; 0: none yet
    Frames begin = 0;         ///< first frame of this stream
    Frames end = kOpen;       ///< one past its last, once it was stopped
    TimePoint origin;
    Nanoseconds delay{};
    double skew = 0; ///< see SourceAnchor::skew()
};

} // namespace spicykvm::audio
