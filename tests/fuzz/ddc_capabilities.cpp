// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A monitor's capabilities string.
#include "ddc/capabilities.h"
#include "fuzz/target.h"

#include <algorithm>

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    const auto caps = ddc::Capabilities::parse(input);
    require(caps.features.size() <= ddc::Capabilities::kMaxText);
    require(caps.warnings.size() <= 17);
    for (const auto& feature : caps.features) {
        auto values = feature.values;
        std::ranges::sort(values);
        require(std::ranges::adjacent_find(values) == values.end());
    }
    for (const auto* text : {&caps.protocol, &caps.type, &caps.model, &caps.mccs_version}) {
        require(text->size() <= 64);
        require(std::ranges::all_of(*text, [](char c) { return c >= 0x20 && c < 0x7f; }));
    }
    for (const auto& warning : caps.warnings) {
        require(warning.size() <= 128);
        require(std::ranges::all_of(warning, [](char c) { return c >= 0x20 && c < 0x7f; }));
    }
}

} // namespace spicykvm::fuzz
