// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"
#include "ctl/machine.h"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace spicykvm::ctl {

/// All that the commands touch outside of themselves.
struct Environment {
    std::ostream& out; ///< results
    std::ostream& err; ///< one line for each thing that is wrong
    bool colour = false;
    bool session_bus = false;
    std::function<Answer<std::unique_ptr<Daemon>>()> connect;
    /// Runs `spicykvmd --check` with these further arguments; its exit code.
    std::function<int(const std::vector<std::string>&)> check_config;
    /// The connectors with a monitor, without asking it.
    std::function<std::vector<std::string>()> connected_displays;
    std::function<std::uint64_t()> monotonic_us;
    std::function<std::string(std::uint32_t uid)> user_name;
    Machine machine{};
};

} // namespace spicykvm::ctl
