// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/notify.h"
#include "input/input_thread.h"

namespace spicykvm {

/// The main loop's half of "a stuck daemon must not mean a dead keyboard": renews the lease that
/// the input thread wants while anything is grabbed, and pings systemd's watchdog only while the
/// input thread's heart beats.
class Guardian {
  public:
    Guardian(EventLoop& loop, input::InputThread& input, const Notifier& notifier);

    /// While `held` the lease is renewed. Nothing wakes up the main loop for it otherwise.
    void hold(bool held);

  private:
    void renew();
    void ping();

    input::InputThread& input_;
    const Notifier& notifier_;
    Timer lease_timer_;
    Timer watchdog_timer_;
    bool reported_ = false;
};

} // namespace spicykvm
