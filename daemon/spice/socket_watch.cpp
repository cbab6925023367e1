// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/socket_watch.h"

#include <array>
#include <cstring>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace spicykvm::spice {

SocketWatch::SocketWatch(EventLoop& loop, const std::string& path, std::function<void()> appeared)
    : name_(path.substr(path.rfind('/') + 1)), appeared_(std::move(appeared)),
      inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    // IN_ATTRIB: libvirt makes the socket first, and accessible afterwards.
    if (inotify_.valid() &&
        ::inotify_add_watch(inotify_.get(), folder.c_str(),
                            IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR) >= 0) {
        source_ = loop.add_io(inotify_.get(), EPOLLIN, [this](std::uint32_t) { on_readable(); });
    }
}

void SocketWatch::on_readable() {
    alignas(inotify_event) std::array<char, 4096> buffer;
    bool mine = false;
    const ssize_t size = ::read(inotify_.get(), buffer.data(), buffer.size());
    for (ssize_t at = 0; at < size;) {
        inotify_event event;
        std::memcpy(&event, buffer.data() + at, sizeof event);
        const char* const name = buffer.data() + at + sizeof event;
        mine = mine || (event.len > 0 && name_ == name);
        at += static_cast<ssize_t>(sizeof event + event.len);
    }
    if (mine) {
        const auto appeared = appeared_; // which may destroy the watch
        appeared();
    }
}

} // namespace spicykvm::spice
