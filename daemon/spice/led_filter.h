// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/guest_input.h"

#include <optional>

namespace spicykvm::spice {

/// Takes false Scroll Lock reports out. The server guesses the LEDs from the bytes of the keys and
/// overlooks the prefix: Pause (e0 46) is Scroll Lock (46) to it, and 2 s after the press it
/// reports that guess (libspice-server 0.15.1, measured). A Scroll Lock key after the Pause makes
/// the next report a true one again.
class LedFilter {
  public:
    static constexpr Milliseconds kAfterPause{2500};

    void on_press(core::KeyCode key, TimePoint now) noexcept;
    /// What to show, if it is to be shown.
    std::optional<core::LedState> on_report(core::LedState reported, TimePoint now) noexcept;

  private:
    std::optional<TimePoint> pause_;
    core::LedState shown_;
};

} // namespace spicykvm::spice
