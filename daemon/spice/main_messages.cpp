// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/main_messages.h"

#include <algorithm>

namespace spicykvm::spice {

std::optional<MainInit> MainInit::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    MainInit message{};
    message.session = reader.u32();
    (void)reader.bytes(8); // display channels, supported mouse modes
    message.mouse_mode = reader.u32();
    (void)reader.bytes(16); // agent, its tokens, multimedia time, ram
    return reader.ok() ? std::optional(message) : std::nullopt;
}

bool ChannelsList::has(ChannelType type) const noexcept {
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
        if (pairs[i] == static_cast<std::uint8_t>(type)) {
            return true;
        }
    }
    return false;
}

std::optional<ChannelsList> ChannelsList::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    const std::uint64_t count = reader.u32();
    const ChannelsList message{.pairs = reader.bytes(count * 2)};
    return reader.ok() ? std::optional(message) : std::nullopt;
}

std::optional<MouseMode> MouseMode::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    (void)reader.u16(); // supported modes
    const MouseMode message{.mode = reader.u16()};
    return reader.ok() ? std::optional(message) : std::nullopt;
}

std::optional<MainName> MainName::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    const std::uint32_t length = reader.u32();
    const ByteSpan text = reader.bytes(length);
    if (!reader.ok()) {
        return std::nullopt;
    }
    const auto end = std::ranges::find(text, std::uint8_t{0});
    return MainName{text.first(static_cast<std::size_t>(end - text.begin()))};
}

std::optional<MainUuid> MainUuid::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    core::Uuid uuid{};
    const ByteSpan bytes = reader.bytes(uuid.size());
    if (!reader.ok()) {
        return std::nullopt;
    }
    std::ranges::copy(bytes, uuid.begin());
    return MainUuid{uuid == core::Uuid{} ? std::nullopt : std::optional(uuid)};
}

} // namespace spicykvm::spice
