// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace spicykvm::ddc {

struct CapableFeature {
    std::uint8_t code = 0;
    std::vector<std::uint8_t> values; ///< as listed, without doubles; empty: none are listed
    bool operator==(const CapableFeature&) const = default;
};

/// What a monitor says about itself. A hint only: monitors leave out values that work, and list
/// some that don't.
struct Capabilities {
    std::string protocol; ///< prot(), type(), model(), mccs_ver(): printable ASCII
    std::string type;
    std::string model;
    std::string mccs_version;
    std::vector<CapableFeature> features; ///< of vcp()
    std::vector<std::string> warnings;    ///< what was not as it should be, a line each

    /// More is cut off, with a warning; the longest seen was below 2000.
    static constexpr std::size_t kMaxText = 8192;

    /// Total: takes what can be understood of any bytes.
    [[nodiscard]] static Capabilities parse(ByteSpan text);
};

} // namespace spicykvm::ddc
