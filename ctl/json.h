// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"
#include "ctl/doctor.h"

#include <string>
#include <vector>

namespace spicykvm::ctl {

// One line each, stable: docs/spicykvmctl.md describes it, fields may only be added. What is empty
// on D-Bus is null.
[[nodiscard]] std::string to_json(const Status& status);
[[nodiscard]] std::string to_json(const std::vector<Target>& targets);
[[nodiscard]] std::string to_json(const std::vector<Device>& devices);
[[nodiscard]] std::string to_json(const std::vector<Display>& displays);
[[nodiscard]] std::string to_json(const std::vector<Check>& checks);
[[nodiscard]] std::string to_json(const Event& event);

} // namespace spicykvm::ctl
