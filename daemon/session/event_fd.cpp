// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/event_fd.h"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::session {

EventFd::EventFd() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!fd_.valid()) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

void EventFd::signal() const noexcept {
    const std::uint64_t one = 1;
    (void)!::write(fd_.get(), &one, sizeof one); // full: it is readable already
}

void EventFd::clear() const noexcept {
    std::uint64_t count = 0;
    (void)!::read(fd_.get(), &count, sizeof count);
}

} // namespace spicykvm::session
