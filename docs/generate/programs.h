// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/option_text.h"

#include <span>
#include <string_view>
#include <vector>

namespace spicykvm::docs {

/// What the programs say of themselves.
struct Program {
    std::string_view name;
    std::vector<OptionText> options;
    std::span<const ExitText> exits;
};

[[nodiscard]] const std::vector<Program>& programs();

} // namespace spicykvm::docs
