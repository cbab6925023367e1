// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/user_presence.h"

#include "base/log.h"

#include <cstdlib>
#include <string_view>
#include <sys/epoll.h>
#include <system_error>
#include <systemd/sd-login.h>
#include <unistd.h>

namespace spicykvm::session {

void UserPresence::MonitorDeleter::operator()(sd_login_monitor* monitor) const noexcept {
    sd_login_monitor_unref(monitor);
}

UserPresence::UserPresence(EventLoop& loop, std::function<void()> changed)
    : changed_(std::move(changed)) {
    sd_login_monitor* raw = nullptr;
    const int result = sd_login_monitor_new("uid", &raw);
    monitor_.reset(raw);
    if (result < 0) {
        log("session").debug("follow logind: {}; this user counts as the one in front",
                             std::generic_category().message(-result));
        return;
    }
    source_ =
        loop.add_io(sd_login_monitor_get_fd(raw), EPOLLIN, [this](std::uint32_t) { on_change(); });
}

UserPresence::~UserPresence() = default;

void UserPresence::on_change() {
    (void)sd_login_monitor_flush(monitor_.get()); // fails only without a descriptor
    changed_();
}

bool UserPresence::is_in_front() const {
    if (!monitor_) {
        return true;
    }
    char* raw = nullptr;
    if (sd_uid_get_state(::geteuid(), &raw) < 0) {
        return false;
    }
    const std::unique_ptr<char, decltype(&std::free)> state(raw, std::free);
    return std::string_view(state.get()) == "active";
}

} // namespace spicykvm::session
