// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"

#include <map>
#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <vector>

namespace spicykvm::ctl {

/// a{sv}
using Dict = std::map<std::string, sdbus::Variant>;

// Values of the bus as plain ones. The daemon may be of another version: what is missing, or of
// another type, stays at its default, and what is not known is passed over.
[[nodiscard]] Status to_status(const Dict& dict);
[[nodiscard]] std::vector<Device> to_devices(const std::vector<Dict>& dicts);
[[nodiscard]] std::vector<ReturnTrial> to_trials(const std::vector<Dict>& dicts);
[[nodiscard]] std::vector<Display> to_displays(const std::vector<Dict>& dicts);
[[nodiscard]] Feature to_feature(const Dict& dict);
[[nodiscard]] std::string to_note(const Dict& dict); ///< of SetFeature
[[nodiscard]] Capabilities to_capabilities(const Dict& dict);

/// Properties that have changed, as PropertiesChanged tells them, put into what was known.
void apply_manager(Status& status, const Dict& changed);
void apply_target(Status& status, const std::string& path, const Dict& changed);

} // namespace spicykvm::ctl
