// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Messages come out the same, however the bytes come in.
#include "spice/framer.h"

#include "fuzz/target.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace spicykvm::fuzz {

namespace {

using Seen = std::vector<std::tuple<std::uint16_t, std::uint32_t, std::vector<std::uint8_t>>>;

Seen cut(std::span<const std::uint8_t> input, std::size_t portion) {
    spice::Framer framer;
    Seen seen;
    while (!input.empty()) {
        ByteSpan bytes = input.first(std::min(portion, input.size()));
        input = input.subspan(bytes.size());
        while (const auto message = framer.next(bytes)) {
            require(message->body.size() <= message->size);
            seen.emplace_back(
                message->type, message->size,
                std::vector<std::uint8_t>(message->body.begin(), message->body.end()));
        }
        require(bytes.empty());
    }
    return seen;
}

} // namespace

void run(std::span<const std::uint8_t> input) {
    const Seen whole = cut(input, input.size());
    require(cut(input, 1) == whole);
    require(cut(input, 7) == whole);
}

} // namespace spicykvm::fuzz
