// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Text of a peer, before anybody sees it.
#include "base/text.h"
#include "fuzz/target.h"

#include <algorithm>
#include <vector>

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    const std::string shown = printable(input);
    require(shown.size() <= 255);
    require(std::none_of(shown.begin(), shown.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    const std::vector<std::uint8_t> again(shown.begin(), shown.end());
    require(printable(again) == shown);
}

} // namespace spicykvm::fuzz
