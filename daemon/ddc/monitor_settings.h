// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "ddc/monitor_match.h"
#include "ddc/vcp.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::ddc {

/// Which machine a monitor is to show.
enum class Side : std::uint8_t { Host, Guest };

/// One feature that follows the switch.
struct VcpSetting {
    VcpCode vcp = VcpCode::InputSource;
    SourceAddress source = SourceAddress::Host;
    std::uint16_t host = 0;
    std::uint16_t guest = 0;

    [[nodiscard]] std::uint16_t value(Side side) const noexcept {
        return side == Side::Host ? host : guest;
    }
};

/// A program to run. It gets the time that it needs, but no more than `timeout`.
struct HookCommand {
    std::vector<std::string> words; ///< the program by its absolute path, then its arguments
    Milliseconds timeout{5000};

    bool operator==(const HookCommand&) const = default;
};

/// How a monitor comes home.
enum class WayHome : std::uint8_t {
    Ddc,    ///< the host writes, over the cable that its picture comes by
    Cable,  ///< the host writes, over another cable: many monitors listen only to what they show
    Hook,   ///< a program does it, such as one that asks the guest
    ByHand, ///< nothing does: somebody presses the monitor's buttons
};

struct HomeSettings {
    WayHome way = WayHome::Ddc;
    MonitorCriteria match{};  ///< of Cable: an EDID may be another one for each input of a monitor
    std::optional<Bus> bus{}; ///< of Cable, instead of `match`
    HookCommand hook{};
};

/// One monitor of a target, as configured.
struct MonitorSettings {
    std::string name; ///< for reports; unique within the target
    MonitorCriteria match;
    /// Instead of `match`: a bus, without any check of who is there.
    std::optional<Bus> bus;
    std::vector<VcpSetting> set; ///< in this order
    unsigned repeat = 1;         ///< how often each set is sent, 1..5: some monitors lose the first
    Milliseconds repeat_delay{500};
    bool save_after = false;       ///< some monitors forget the input else
    unsigned sleep_multiplier = 1; ///< 1..10, for slow monitors
    /// From the switch to the first set for the guest, in which its screen wakes up: without a
    /// picture many monitors turn back.
    Milliseconds wake_delay{500};
    bool unsafe = false; ///< write also what may_write() refuses
    HomeSettings home;
};

struct TargetMonitors {
    std::string target; ///< its name
    std::vector<MonitorSettings> monitors;
};

} // namespace spicykvm::ddc
