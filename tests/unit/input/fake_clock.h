// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"

#include <atomic>

namespace spicykvm::input::test {

/// A clock that stands still until a test moves it. One for all, because the code under test takes
/// a plain function.
class FakeClock {
  public:
    static TimePoint now() noexcept { return TimePoint(TimePoint::duration(ticks().load())); }
    static void advance(Clock::duration by) noexcept { ticks() += by.count(); }

  private:
    static std::atomic<TimePoint::rep>& ticks() noexcept {
        static std::atomic<TimePoint::rep> value{
            TimePoint::duration(std::chrono::hours(1)).count()};
        return value;
    }
};

} // namespace spicykvm::input::test
