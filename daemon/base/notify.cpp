// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/notify.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <systemd/sd-daemon.h>

namespace spicykvm {

namespace {

void send(const std::string& message) {
    // A failure means that the manager is not there to hear it.
    (void)sd_notify(0, message.c_str());
}

} // namespace

Notifier::Notifier() {
    std::uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) > 0) {
        watchdog_interval_ = Microseconds(usec / 2);
    }
}

void Notifier::ready() const {
    send("READY=1");
}

void Notifier::reloading() const {
    // The time is for Type=notify-reload (systemd 253); older ones ignore it.
    const auto now = std::chrono::duration_cast<Microseconds>(Clock::now().time_since_epoch());
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()));
}

void Notifier::stopping() const {
    send("STOPPING=1");
}

void Notifier::status(std::string_view text) const {
    std::string line = "STATUS=" + std::string(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    send(line);
}

void Notifier::alive() const {
    send("WATCHDOG=1");
}

} // namespace spicykvm
