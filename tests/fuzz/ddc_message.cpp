// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the daemon and spicykvm-ddc send each other.
#include "ddc/messages.h"
#include "fuzz/target.h"

#include <algorithm>

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    if (const auto request = ddc::Request::decode(input)) {
        require(std::ranges::equal(request->encode(), input));
        require(request->operation != ddc::Operation::Set || request->unsafe ||
                ddc::may_write(request->vcp, request->value));
    }
    if (const auto reply = ddc::Reply::decode(input)) {
        require(reply->text.size() <= ddc::Reply::kMaxText);
        require(reply->buses.size() <= ddc::Reply::kMaxBuses);
        require(ddc::Reply::decode(reply->encode()) == reply);
    }
}

} // namespace spicykvm::fuzz
