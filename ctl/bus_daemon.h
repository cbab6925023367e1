// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "ctl/daemon.h"

#include <memory>

namespace spicykvm::ctl {

/// Connects to the bus; the daemon itself is reached with the first call.
[[nodiscard]] Answer<std::unique_ptr<Daemon>> connect_daemon(BusKind kind);

} // namespace spicykvm::ctl
