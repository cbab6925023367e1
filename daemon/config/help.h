// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace spicykvm::config {

/// All keys of the configuration file as Markdown tables, from the one table of keys.
[[nodiscard]] std::string config_help();

} // namespace spicykvm::config
