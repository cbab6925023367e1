// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::ctl {

/// Foreign text for a terminal: no control characters.
[[nodiscard]] std::string one_line(std::string_view text);

/// The same, or "-" for nothing.
[[nodiscard]] std::string or_dash(std::string_view text);

/// As many columns as rows[0] has; each as wide as its longest text, the last one ragged. A row of
/// fewer texts leaves the rest empty.
[[nodiscard]] std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// "5 s", "3 min", "2 h 5 min", "4 d 3 h".
[[nodiscard]] std::string duration_text(std::uint64_t microseconds);

} // namespace spicykvm::ctl
