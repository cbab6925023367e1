// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "ddc/display.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace spicykvm::ddc {

/// Which monitor is meant: all that is given has to hold. Text is compared whole, without regard to
/// case and blanks around it.
struct MonitorCriteria {
    /// "card1-HDMI-A-1"; without the card, which moves: "HDMI-A-1"; or "card1": any of its
    /// connectors where a monitor is seen, but no laptop's panel.
    std::string connector{};
    std::string manufacturer{};
    std::vector<std::uint16_t> products{}; ///< any of them: the inputs of one monitor may differ
    std::string name{};
    std::string serial{};
    std::optional<std::uint32_t> serial_number{};

    [[nodiscard]] bool empty() const noexcept;
    /// Whether something of the EDID is asked for.
    [[nodiscard]] bool wants_edid() const noexcept;
    bool operator==(const MonitorCriteria&) const = default;
};

[[nodiscard]] bool matches(const MonitorCriteria& criteria, const Display& display);

/// The position of the one display that is meant. NotFound names the candidates; InvalidArgument
/// (no criteria, or more than one display matches) names those that match.
[[nodiscard]] Result<std::size_t> find_monitor(const MonitorCriteria& criteria,
                                               std::span<const Display> displays);

/// The display that has `bus`, or one of which nothing else is known; without a bus the one that
/// find_monitor() finds. InvalidArgument, too: the bus is that of a laptop's panel.
[[nodiscard]] Result<Display> locate(const MonitorCriteria& criteria, const std::optional<Bus>& bus,
                                     std::span<const Display> displays);

} // namespace spicykvm::ddc
