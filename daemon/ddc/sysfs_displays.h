// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/display.h"

#include <filesystem>
#include <vector>

namespace spicykvm::ddc {

/// Every place for a monitor below `sysfs` ("/sys"), sorted by connector, then the adapters without
/// one. Reads files alone; no bus is touched. May block while the kernel probes a connector. What
/// can't be read is left out.
///
/// A connector's buses: the DisplayPort AUX adapter (a child folder i2c-N) first, then the plain
/// adapter behind its `ddc` link. Adapters without connector: those of NVIDIA's driver, which makes
/// no links, and of MST ports, if they belong to a GPU. Status and `enabled` are not looked at:
/// NVIDIA's driver never updates them, and a monitor that shows another input may look unplugged.
[[nodiscard]] std::vector<Display> list_displays(const std::filesystem::path& sysfs);

} // namespace spicykvm::ddc
