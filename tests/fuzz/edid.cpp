// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A monitor's EDID, and what is said about it.
#include "ddc/monitor_match.h"
#include "fuzz/target.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace spicykvm::fuzz {

namespace {

/// With header and sum put right, so that what is between them is reached.
std::vector<std::uint8_t> mended(std::span<const std::uint8_t> input) {
    std::vector<std::uint8_t> block(input.begin(), input.begin() + 128);
    std::fill_n(block.begin(), 8, std::uint8_t{0xff});
    block[0] = block[7] = 0;
    block[127] = 0;
    block[127] = static_cast<std::uint8_t>(-std::accumulate(block.begin(), block.end(), 0));
    return block;
}

void check(const ddc::Edid& edid) {
    require(edid.manufacturer.size() == 3);
    require(edid.name.size() <= 13 && edid.serial.size() <= 13);
    require(edid.same_unit(edid));
    const auto again = ddc::Edid::parse(edid.block);
    require(again && again->same_unit(edid));
    ddc::Display display{"card0-DP-1", {ddc::Bus{1}}, edid};
    const std::string shown = ddc::describe(display);
    require(std::ranges::all_of(shown, [](char c) { return c >= 0x20 && c < 0x7f; }));
    ddc::MonitorCriteria criteria;
    criteria.name = edid.name;
    criteria.serial = edid.serial;
    criteria.serial_number = edid.serial_number;
    criteria.products = {edid.product};
    require(ddc::matches(criteria, display));
}

} // namespace

void run(std::span<const std::uint8_t> input) {
    if (const auto edid = ddc::Edid::parse(input)) {
        check(*edid);
    }
    if (input.size() >= 128) {
        const auto edid = ddc::Edid::parse(mended(input));
        require(edid.has_value());
        check(*edid);
    }
}

} // namespace spicykvm::fuzz
