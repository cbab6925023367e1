// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"

#include <filesystem>
#include <functional>
#include <string>

namespace spicykvm::session {

/// The socket that libpipewire connects to, by the environment: PIPEWIRE_REMOTE (a name or a path)
/// in PIPEWIRE_RUNTIME_DIR or XDG_RUNTIME_DIR. Empty if there is none of these folders.
[[nodiscard]] std::filesystem::path runtime_socket();

/// Tells when that socket appears. Loop thread.
class SocketWatch {
  public:
    SocketWatch(EventLoop& loop, std::filesystem::path socket, EventLoop::Callback appeared);

    /// Begins to watch the folder if that was not possible so far: it was not there.
    void look();

  private:
    void read();

    EventLoop& loop_;
    std::filesystem::path socket_;
    EventLoop::Callback appeared_;
    Fd inotify_;
    int watch_ = -1;
    EventSource source_;
};

} // namespace spicykvm::session
