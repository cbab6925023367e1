// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::ddc {

/// A monitor that was, or may have been, told to show a target.
struct AwayMonitor {
    std::string target;
    std::string monitor;
    bool operator==(const AwayMonitor&) const = default;
};

using AwayList = std::vector<AwayMonitor>;

// The file that outlives a crash, so that the next start can bring the monitors home:
//
//     spicykvm-monitors 1
//     target TAB monitor       control characters and '%' as %xx
//
inline constexpr std::size_t kMaxAway = 256;
inline constexpr std::size_t kMaxAwayFile = 256 * 1024;

[[nodiscard]] std::string encode_away(const AwayList& list);
/// Nothing, if this is no such file as encode_away() makes.
[[nodiscard]] std::optional<AwayList> decode_away(std::string_view text);

} // namespace spicykvm::ddc
