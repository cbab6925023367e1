// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "guardian.h"

#include "base/log.h"

namespace spicykvm {

namespace {

using namespace std::chrono_literals;

/// A quarter of the lease, so that one late turn of the loop does no harm.
constexpr auto kRenewal = 250ms;
/// The input thread comes round four times as often while it holds a grab.
constexpr auto kHeartbeatLimit = 1s;

} // namespace

Guardian::Guardian(EventLoop& loop, input::InputThread& input, const Notifier& notifier)
    : input_(input), notifier_(notifier), lease_timer_(loop, [this] { renew(); }),
      watchdog_timer_(loop, [this] { ping(); }) {
    if (notifier_.watchdog_interval()) {
        ping();
    }
}

void Guardian::hold(bool held) {
    if (!held) {
        lease_timer_.disarm();
    } else if (!lease_timer_.armed()) {
        renew();
    }
}

void Guardian::renew() {
    input_.renew_lease();
    lease_timer_.arm_after(kRenewal);
}

void Guardian::ping() {
    watchdog_timer_.arm_after(*notifier_.watchdog_interval());
    const auto heartbeat = input_.heartbeat();
    if (!heartbeat || Clock::now() - *heartbeat < kHeartbeatLimit) {
        notifier_.alive();
        reported_ = false;
    } else if (!std::exchange(reported_, true)) {
        log("kvm").critical(
            "the input thread hangs with devices grabbed: leaving it to the watchdog");
    }
}

} // namespace spicykvm
