// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper_process.h"

#include "ddc/spawn.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spicykvm::ddc {

Result<HelperProcess> HelperProcess::start(const HelperCommand& command) {
    std::array<int, 2> ends = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail_errno("socketpair for " + command.path, errno);
    }
    HelperProcess process{Fd(ends[0]), {}};
    const Fd there(ends[1]);
    // Only here: the helper's end blocks.
    (void)::fcntl(process.socket.get(), F_SETFL, O_NONBLOCK);
    SpawnOptions options;
    options.words = {command.path};
    options.words.insert(options.words.end(), command.arguments.begin(), command.arguments.end());
    options.third = there.get();
    // It needs nothing of the environment, and some of it may be secret (a password).
    auto child = spawn(options);
    if (!child) {
        return Failure(child.error());
    }
    process.pidfd = std::move(child->pidfd);
    return process;
}

void HelperProcess::kill() const noexcept {
    (void)::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
}

} // namespace spicykvm::ddc
