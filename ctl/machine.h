// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnosis/unit_state.h"

#include <functional>
#include <optional>

namespace spicykvm::ctl {

/// What can be seen of this machine apart from the daemon, by whoever runs spicykvmctl.
struct Machine {
    /// Nothing: there is no systemd on the system bus.
    std::function<std::optional<diagnosis::UnitState>()> daemon_unit{};
};

/// The one that this process runs on. Each question waits two seconds for an answer at most.
[[nodiscard]] Machine local_machine();

} // namespace spicykvm::ctl
