// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What a server answers while a channel is linked: reply and verdict.
#include "fuzz/target.h"
#include "spice/link.h"

#include <algorithm>

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    static const auto password = spice::Password::from("secret");
    spice::Link link(spice::LinkHello{}, "fuzz", *password, spice::TicketSeed{});
    while (!input.empty() && link.wanted() > 0) {
        require(link.wanted() <= spice::LinkReply::kMaxSize);
        const auto portion = input.first(std::min(input.size(), link.wanted()));
        link.receive(portion);
        input = input.subspan(portion.size());
    }
    require(link.finished() == (link.wanted() == 0));
    link.end_of_stream();
    require(link.finished());
    require(link.stage() == spice::Link::Stage::Linked || !link.error().message.empty());
}

} // namespace spicykvm::fuzz
