// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace spicykvm::test {

/// A process of the test, ended with it. The child dies too if the test is killed.
class ChildProcess {
  public:
    ChildProcess() = default;
    /// Runs arguments[0] from PATH, with its stderr to `log`. `inherited` stays open in the child
    /// (-1: nothing does).
    ChildProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                 int inherited = -1);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    /// SIGTERM, then waits.
    void terminate() noexcept { end(SIGTERM); }
    /// As a crash: SIGKILL, then waits.
    void kill() noexcept { end(SIGKILL); }

    /// Until it ends by itself; returns its exit code, or -1.
    int wait() noexcept;

  private:
    void end(int signal) noexcept;

    pid_t pid_ = -1;
};

} // namespace spicykvm::test
