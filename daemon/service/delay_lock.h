// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"

#include <optional>
#include <sdbus-c++/sdbus-c++.h>

namespace spicykvm::service {

/// logind's inhibitor of mode "delay": while it is held, a suspend waits until it is given back,
/// for InhibitDelayMaxSec= of logind.conf (5 s) at most. Of nothing else: logind asks polkit about
/// another action (inhibit-handle-lid-switch) when two things are inhibited at once, and a shutdown
/// stops this service anyway, which then has time to come home.
class DelayLock {
  public:
    /// `manager`: logind's; it must outlive this object.
    explicit DelayLock(sdbus::IProxy& manager) : manager_(manager) {}
    DelayLock(const DelayLock&) = delete;
    DelayLock& operator=(const DelayLock&) = delete;
    ~DelayLock() { release(); }

    /// Asks for it, unless it is held or asked for. A refusal is said once; everything works
    /// without it, too, only that nothing waits then.
    void take();
    void release() noexcept;
    [[nodiscard]] bool held() const noexcept { return fd_.valid(); }

  private:
    void refused(const char* why);

    sdbus::IProxy& manager_;
    Fd fd_;
    std::optional<sdbus::PendingAsyncCall> request_;
    bool refusal_said_ = false;
};

} // namespace spicykvm::service
