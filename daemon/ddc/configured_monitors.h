// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/displays_port.h"
#include "ddc/display.h"
#include "ddc/monitor_settings.h"

#include <span>
#include <vector>

namespace spicykvm::ddc {

/// Enters into `list`, which has an entry for each of `displays` in their order, which monitors of
/// the configuration they are. What is nowhere gets an entry of its own after them.
void enter_configured(std::span<const TargetMonitors> targets, std::span<const Display> displays,
                      std::vector<core::DisplayStatus>& list);

/// All criteria of these monitors, so that a scan looks for them.
[[nodiscard]] std::vector<MonitorCriteria> criteria_of(std::span<const TargetMonitors> targets);

} // namespace spicykvm::ddc
