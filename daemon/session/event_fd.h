// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"

namespace spicykvm::session {

/// An eventfd: any thread makes it readable, one waits for it.
class EventFd {
  public:
    /// Throws std::system_error.
    EventFd();

    [[nodiscard]] int get() const noexcept { return fd_.get(); }
    void signal() const noexcept;
    void clear() const noexcept;

  private:
    Fd fd_;
};

} // namespace spicykvm::session
