// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

namespace spicykvm {

/// CLOCK_MONOTONIC, the clock that evdev stamps events with after EVIOCSCLOCKID and that sd-event
/// timers use.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Milliseconds = std::chrono::milliseconds;
using Microseconds = std::chrono::microseconds;

} // namespace spicykvm
