// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"

#include <unistd.h>

namespace spicykvm {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = other.release();
    }
    return *this;
}

void Fd::reset() noexcept {
    if (fd_ >= 0) {
        // Never retried on EINTR: Linux has closed the descriptor by then (close(2)).
        ::close(std::exchange(fd_, -1));
    }
}

} // namespace spicykvm
