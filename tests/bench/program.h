// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/server_process.h"
#include "support/private_bus.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace spicykvm::bench {

/// Another program, ended with this. Its messages are nobody's business.
class Program {
  public:
    explicit Program(std::vector<std::string> arguments);
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program();

    /// VmRSS, RssAnon and so on, in MiB.
    [[nodiscard]] std::map<std::string, double> memory() const;
    /// How often its threads have gone to sleep, and so been woken.
    [[nodiscard]] std::uint64_t sleeps() const;

  private:
    pid_t pid_ = -1;
};

/// The real daemon on a bus of its own, with a real SPICE server and the benchmark's devices.
class Daemon {
  public:
    enum class Start { Inactive, Active };
    Daemon(const std::string& path, Start start);

    [[nodiscard]] ServerProcess& server() noexcept { return server_; }
    [[nodiscard]] const Program& program() const noexcept { return *program_; }

  private:
    test::PrivateBus bus_;
    test::TemporaryFolder folder_;
    ServerProcess server_;
    std::unique_ptr<Program> program_;
};

} // namespace spicykvm::bench
