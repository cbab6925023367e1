// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/displays_port.h"
#include "service/status_map.h"

namespace spicykvm::service {

// The a{sv} of org.spicykvm.Displays.xml, where each key is described.
[[nodiscard]] Dictionary describe(const core::ConfiguredMonitor& monitor);
[[nodiscard]] Dictionary describe(const core::DisplayStatus& display);
[[nodiscard]] Dictionary describe(const core::DisplayFeature& feature);
[[nodiscard]] Dictionary describe(const core::ReturnTrial& trial);
[[nodiscard]] Dictionary describe(const core::DisplayCapabilities& capabilities);

} // namespace spicykvm::service
