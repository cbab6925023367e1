// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

namespace spicykvm::ctl {

inline constexpr const char* kDrmFolder = "/sys/class/drm";

/// The connectors at which the kernel sees a monitor, "card1-HDMI-A-1", in the order of their
/// names. No monitor is asked, which could take seconds.
[[nodiscard]] std::vector<std::string> connected_displays(const std::string& drm_folder);

} // namespace spicykvm::ctl
