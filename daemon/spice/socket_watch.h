// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"

#include <functional>
#include <string>

namespace spicykvm::spice {

/// Tells when a unix socket may have come: the VM has been started. If its folder does not exist,
/// it tells nothing.
class SocketWatch {
  public:
    SocketWatch(EventLoop& loop, const std::string& path, std::function<void()> appeared);
    SocketWatch(const SocketWatch&) = delete;
    SocketWatch& operator=(const SocketWatch&) = delete;

  private:
    void on_readable();

    const std::string name_; ///< in its folder
    std::function<void()> appeared_;
    Fd inotify_;
    EventSource source_;
};

} // namespace spicykvm::spice
