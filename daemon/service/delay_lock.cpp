// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/delay_lock.h"

#include "base/log.h"
#include "base/sdbus_compat.h"
#include "service/logind_names.h"

#include <fcntl.h>
#include <string>
#include <utility>

namespace spicykvm::service {

void DelayLock::take() {
    if (fd_.valid() || request_) {
        return;
    }
    try {
        request_ =
            manager_.callMethodAsync("Inhibit")
                .onInterface(login1::kManager)
                .withTimeout(login1::kTimeout)
                .withArguments(std::string("sleep"), std::string("spicykvm"),
                               std::string("Keyboard, mouse and monitors come home first"),
                               std::string("delay"))
                .uponReplyInvoke([this](compat::AsyncError error, const sdbus::UnixFd& lock) {
                    request_.reset();
                    if (error) {
                        return refused(error->what());
                    }
                    // The message's own ends with it, and is no child's business either.
                    fd_ = Fd(::fcntl(lock.get(), F_DUPFD_CLOEXEC, 3));
                    refusal_said_ = false;
                });
    } catch (const sdbus::Error& error) { // the bus is gone
        refused(error.what());
    }
}

void DelayLock::release() noexcept {
    if (request_) {
        request_->cancel(); // whose descriptor is closed with the message
        request_.reset();
    }
    fd_.reset();
}

void DelayLock::refused(const char* why) {
    if (!std::exchange(refusal_said_, true)) {
        log("service").warn("ask logind to wait before a suspend: {}; coming home without its "
                            "waiting for it",
                            why);
    }
}

} // namespace spicykvm::service
