// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The file that says which monitors were away before a crash.
#include "ddc/away_list.h"

#include "fuzz/target.h"

#include <string>

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    const auto list = ddc::decode_away(std::string(input.begin(), input.end()));
    if (list) {
        require(list->size() <= ddc::kMaxAway);
        const std::string text = ddc::encode_away(*list);
        require(text.size() > ddc::kMaxAwayFile || ddc::decode_away(text) == list);
    }
}

} // namespace spicykvm::fuzz
