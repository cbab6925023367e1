// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/runtime_socket.h"

#include <array>
#include <cstdlib>
#include <string_view>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace spicykvm::session {

std::filesystem::path runtime_socket() {
    const auto variable = [](const char* name) -> std::string {
        const char* value = std::getenv(name);
        return value != nullptr ? value : "";
    };
    std::filesystem::path name = variable("PIPEWIRE_REMOTE");
    if (name.empty()) {
        name = "pipewire-0";
    }
    std::string folder = variable("PIPEWIRE_RUNTIME_DIR");
    if (folder.empty()) {
        folder = variable("XDG_RUNTIME_DIR");
    }
    return name.is_absolute() || !folder.empty() ? folder / name : std::filesystem::path();
}

SocketWatch::SocketWatch(EventLoop& loop, std::filesystem::path socket,
                         EventLoop::Callback appeared)
    : loop_(loop), socket_(std::move(socket)), appeared_(std::move(appeared)),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    if (inotify_.valid()) { // without one, there are the attempts by time
        source_ = loop_.add_io(inotify_.get(), EPOLLIN, [this](std::uint32_t) { read(); });
    }
    look();
}

void SocketWatch::look() {
    if (watch_ < 0 && inotify_.valid() && !socket_.empty()) {
        watch_ = ::inotify_add_watch(inotify_.get(), socket_.parent_path().c_str(),
                                     IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    }
}

void SocketWatch::read() {
    alignas(inotify_event) std::array<char, 4096> bytes;
    const ssize_t got = ::read(inotify_.get(), bytes.data(), bytes.size());
    bool has_appeared = false;
    // The kernel gives whole events only.
    for (ssize_t at = 0; at + static_cast<ssize_t>(sizeof(inotify_event)) <= got;) {
        const auto& event = *reinterpret_cast<const inotify_event*>(bytes.data() + at);
        const std::string_view name(event.len > 0 ? event.name : "");
        has_appeared = has_appeared || name == socket_.filename().native();
        if ((event.mask & IN_IGNORED) != 0) {
            watch_ = -1; // the folder was removed
        }
        at += static_cast<ssize_t>(sizeof(inotify_event) + event.len);
    }
    if (has_appeared) {
        appeared_();
    }
}

} // namespace spicykvm::session
