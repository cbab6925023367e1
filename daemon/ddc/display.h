// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/edid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::ddc {

/// Number of an I2C adapter, as in /dev/i2c-5. Valid until the next hotplug: never stored.
enum class Bus : std::uint16_t {};

/// One place where a monitor may be: a connector of a GPU, or an adapter that no connector names.
struct Display {
    std::string connector;  ///< "card1-HDMI-A-1"; empty: only the adapter is known
    std::vector<Bus> buses; ///< the likeliest first; a dock may have a mute double of the right one
    std::optional<Edid>
        edid; ///< as the kernel read it at the last hotplug, which some drivers never renew
    /// The panel of a laptop, which is harmed by DDC. Left alone unless the configuration names it.
    bool internal = false;
    /// The EDID can't be read on the bus (MST): the kernel's has to do.
    bool edid_unreadable = false;

    bool operator==(const Display& other) const {
        return connector == other.connector && buses == other.buses;
    }
};

/// "card1-HDMI-A-1 (DEL 0x41b5 "DELL U2720Q", serial hidden)": serials are personal.
[[nodiscard]] std::string describe(const Display& display);

} // namespace spicykvm::ddc
