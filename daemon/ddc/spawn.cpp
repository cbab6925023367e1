// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/spawn.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::ddc {

namespace {

constexpr int kThird = 3;

class SpawnSetup {
  public:
    explicit SpawnSetup(const SpawnOptions& options) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
        if (options.third >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions_, options.third, kThird);
        }
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        // All are close-on-exec anyway; a library's mistake must not give a grab away.
        ::posix_spawn_file_actions_addclosefrom_np(&actions_,
                                                   options.third >= 0 ? kThird + 1 : kThird);
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        const int group = options.own_group ? POSIX_SPAWN_SETPGROUP : 0;
        ::posix_spawnattr_setflags(&attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK |
                                                                    POSIX_SPAWN_SETSIGDEF | group));
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;
    ~SpawnSetup() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&actions_);
    }

    int spawn(std::vector<std::string> words, std::vector<std::string> environment,
              pid_t& pid) const {
        return ::posix_spawn(&pid, words.front().c_str(), &actions_, &attributes_,
                             pointers(words).data(), pointers(environment).data());
    }

  private:
    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> list;
        for (std::string& text : texts) {
            list.push_back(text.data());
        }
        list.push_back(nullptr);
        return list;
    }

    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

} // namespace

Result<Child> spawn(const SpawnOptions& options) {
    const std::string& path = options.words.front();
    Child child;
    if (const int error = SpawnSetup(options).spawn(options.words, options.environment, child.pid);
        error != 0) {
        return fail_errno("start " + path, error);
    }
    // The number can't have been given to another process: nobody has waited for this one yet.
    child.pidfd = Fd(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
    if (!child.pidfd.valid()) {
        return fail_errno("pidfd_open of " + path, errno);
    }
    return child;
}

Result<void> reap(const Child& child) {
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(child.pidfd.get()), &info, WEXITED | WNOHANG) != 0) {
        return fail_errno("waitid", errno);
    }
    if (info.si_code == CLD_EXITED && info.si_status == 0) {
        return {};
    }
    return fail(ErrorCode::Failed, info.si_code == CLD_EXITED
                                       ? "it ended with status " + std::to_string(info.si_status)
                                       : "signal " + std::to_string(info.si_status) + " ended it");
}

} // namespace spicykvm::ddc
