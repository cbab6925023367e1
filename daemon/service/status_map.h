// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"

#include <cstdint>
#include <map>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::service {

using Dictionary = std::map<std::string, sdbus::Variant>;

// In valid UTF-8: see utf8().
[[nodiscard]] sdbus::Variant text(std::string_view value);
[[nodiscard]] sdbus::Variant lines(const std::vector<std::string>& items);

// The a{sv} of org.spicykvm.Manager.xml, where each key is described.
[[nodiscard]] Dictionary describe(const core::StatusSnapshot& status, const core::Metrics& metrics);
[[nodiscard]] Dictionary describe(const core::TargetStatus& target);
[[nodiscard]] Dictionary describe(const core::DeviceStatus& device);

/// The counters of org.spicykvm.Metrics.xml.
[[nodiscard]] std::map<std::string, std::uint64_t> describe(const core::Metrics& metrics);

/// In the usual form of 8-4-4-4-12 digits; empty for none.
[[nodiscard]] std::string to_text(const std::optional<core::Uuid>& uuid);

/// `prefix`/`name`, with what a path can't hold escaped as systemd does it.
[[nodiscard]] sdbus::ObjectPath encoded_path(const char* prefix, const std::string& name);
/// Where the object of the target called `name` is.
[[nodiscard]] sdbus::ObjectPath target_path(const std::string& name);

} // namespace spicykvm::service
