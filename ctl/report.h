// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/environment.h"

#include <string>
#include <vector>

namespace spicykvm::ctl {

// For people; scripts take --json.
void print_status(Environment& environment, const Status& status);
void print_targets(Environment& environment, const std::vector<Target>& targets);
void print_devices(Environment& environment, const std::vector<Device>& devices);
/// One line of `status --watch`.
[[nodiscard]] std::string to_line(const Event& event);

} // namespace spicykvm::ctl
