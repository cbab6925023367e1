// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What a monitor answers. The first byte says to which question.
#include "ddc/packet.h"
#include "fuzz/target.h"

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    if (input.empty()) {
        return;
    }
    const std::uint8_t asked = input[0];
    const auto bytes = input.subspan(1);
    if (const auto value = ddc::parse_vcp_reply(bytes, ddc::VcpCode{asked})) {
        require(bytes.size() >= ddc::kVcpReplyRead - 1);
        require(value->supported || *value == ddc::VcpReply{});
    } else {
        require(ddc::to_string(value.error()) != "no reply");
    }
    if (const auto text = ddc::parse_capabilities_reply(bytes, asked)) {
        require(text->size() <= ddc::kMaxFragment);
        require(text->data() >= bytes.data() &&
                text->data() + text->size() < bytes.data() + bytes.size());
    }
}

} // namespace spicykvm::fuzz
