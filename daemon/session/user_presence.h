// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"

#include <functional>
#include <memory>

struct sd_login_monitor;

namespace spicykvm::session {

/// Whether one of this user's sessions is the one in front of its seat, as logind's files in
/// /run/systemd tell (sd-login(3)). Loop thread only.
class UserPresence {
  public:
    /// `changed` is called from the loop whenever it may have changed.
    UserPresence(EventLoop& loop, std::function<void()> changed);
    UserPresence(const UserPresence&) = delete;
    UserPresence& operator=(const UserPresence&) = delete;
    ~UserPresence();

    /// True, too, where there is no logind that could tell.
    [[nodiscard]] bool is_in_front() const;

  private:
    void on_change();

    struct MonitorDeleter {
        void operator()(sd_login_monitor* monitor) const noexcept;
    };
    std::function<void()> changed_;
    std::unique_ptr<sd_login_monitor, MonitorDeleter> monitor_;
    EventSource source_;
};

} // namespace spicykvm::session
