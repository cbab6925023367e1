// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spicykvm::ddc {

namespace {

constexpr int kSocketThere = 3;

class SpawnSetup {
  public:
    explicit SpawnSetup(int socket) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawn_file_actions_adddup2(&actions_, socket, kSocketThere);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;
    ~SpawnSetup() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }

    int spawn(const HelperCommand& command, pid_t& pid) const {
        std::vector<std::string> words = {command.path};
        words.insert(words.end(), command.arguments.begin(), command.arguments.end());
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        // It needs nothing of the environment, and some of it may be secret (a password).
        std::array<char*, 1> environment = {nullptr};
        return ::posix_spawn(&pid, command.path.c_str(), &actions_, &attributes_, arguments.data(),
                             environment.data());
    }

  private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

} // namespace

Result<HelperProcess> HelperProcess::start(const HelperCommand& command) {
    std::array<int, 2> ends = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return fail_errno("socketpair for " + command.path, errno);
    }
    HelperProcess process{Fd(ends[0]), {}};
    const Fd there(ends[1]);
    // Only here: the helper's end blocks.
    (void)::fcntl(process.socket.get(), F_SETFL, O_NONBLOCK);
    pid_t pid = -1;
    if (const int error = SpawnSetup(there.get()).spawn(command, pid); error != 0) {
        return fail_errno("start " + command.path, error);
    }
    // The number can't have been given to another process: nobody has waited for this one yet.
    process.pidfd = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!process.pidfd.valid()) {
        return fail_errno("pidfd_open of " + command.path, errno);
    }
    return process;
}

void HelperProcess::kill() const noexcept {
    (void)::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
}

} // namespace spicykvm::ddc
