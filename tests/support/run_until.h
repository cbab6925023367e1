// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"

#include <functional>
#include <systemd/sd-event.h>

namespace spicykvm::test {

/// Runs `loop` until `condition` holds, which may also depend on other threads; false after
/// `timeout`.
inline bool run_until(EventLoop& loop, const std::function<bool()>& condition,
                      Milliseconds timeout = std::chrono::seconds(10)) {
    constexpr Microseconds kLook{5000};
    const TimePoint deadline = Clock::now() + timeout;
    while (!condition()) {
        if (Clock::now() >= deadline || sd_event_run(loop.raw(), kLook.count()) < 0) {
            return condition();
        }
    }
    return true;
}

} // namespace spicykvm::test
