// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace spicykvm::docs {

/// A configuration file with every key there is: what it means, what is allowed, its default or an
/// example. All of it is commented out: settings by "#", prose by "# ", so that the file changes
/// nothing until a "#" is taken away, and is right when all of them are.
[[nodiscard]] std::string full_config();

} // namespace spicykvm::docs
