// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/stamps.h"

#include "base/time.h"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using spicykvm::Clock;
using spicykvm::TimePoint;

namespace {

std::atomic<int> events_fd{-1};
std::atomic<int> socket_fd{-1};
std::atomic<std::size_t> used{0};
std::vector<Clock::duration> taken;
std::optional<TimePoint> begun; // of the thread that is measured

} // namespace

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names
extern "C" {
ssize_t __real_read(int fd, void* buffer, size_t size);
ssize_t __real_send(int fd, const void* buffer, size_t size, int flags);
ssize_t __real_recv(int fd, void* buffer, size_t size, int flags);

ssize_t __wrap_read(int fd, void* buffer, size_t size) {
    const ssize_t count = __real_read(fd, buffer, size);
    if (fd == events_fd.load(std::memory_order_relaxed) && count > 0) {
        begun = Clock::now();
    }
    return count;
}

ssize_t __wrap_send(int fd, const void* buffer, size_t size, int flags) {
    const ssize_t count = __real_send(fd, buffer, size, flags);
    if (fd == socket_fd.load(std::memory_order_relaxed) && begun) {
        const std::size_t place = used.load(std::memory_order_relaxed);
        if (place < taken.size()) {
            taken[place] = Clock::now() - *begun;
            used.store(place + 1, std::memory_order_release);
        }
        begun.reset();
    }
    return count;
}

// What is sent because of an acknowledgement answers no read().
ssize_t __wrap_recv(int fd, void* buffer, size_t size, int flags) {
    if (fd == socket_fd.load(std::memory_order_relaxed)) {
        begun.reset();
    }
    return __real_recv(fd, buffer, size, flags);
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace spicykvm::bench {

Stamps::Stamps(int events, int socket, std::size_t most) {
    if (events_fd.load() >= 0) {
        throw std::logic_error("stamps are being taken already");
    }
    taken.assign(most, {});
    used.store(0);
    socket_fd.store(socket);
    events_fd.store(events);
}

Stamps::~Stamps() {
    events_fd.store(-1);
    socket_fd.store(-1);
}

Samples Stamps::take() const {
    Samples samples;
    const std::size_t count = used.load(std::memory_order_acquire);
    samples.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        samples.add(taken[i]);
    }
    return samples;
}

} // namespace spicykvm::bench
