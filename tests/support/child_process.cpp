// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/child_process.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace spicykvm::test {

ChildProcess::ChildProcess(const std::vector<std::string>& arguments,
                           const std::filesystem::path& log, int inherited) {
    std::vector<char*> argv;
    for (const auto& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) {
            ::_exit(127);
        }
        if (inherited >= 0) {
            ::fcntl(inherited, F_SETFD, 0);
        }
        ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    if (this != &other) {
        terminate();
        pid_ = std::exchange(other.pid_, -1);
    }
    return *this;
}

ChildProcess::~ChildProcess() {
    terminate();
}

int ChildProcess::wait() noexcept {
    int status = 0;
    const bool has_ended = pid_ > 0 && ::waitpid(std::exchange(pid_, -1), &status, 0) > 0;
    return has_ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void ChildProcess::end(int signal) noexcept {
    if (pid_ > 0) {
        ::kill(pid_, signal);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

} // namespace spicykvm::test
