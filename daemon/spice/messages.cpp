// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/messages.h"

#include <algorithm>

namespace spicykvm::spice {

std::optional<SetAck> SetAck::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    const SetAck message{.generation = reader.u32(), .window = reader.u32()};
    return reader.ok() ? std::optional(message) : std::nullopt;
}

std::optional<Ping> Ping::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    const Ping message{.id = reader.u32(), .timestamp = reader.u64()};
    return reader.ok() ? std::optional(message) : std::nullopt;
}

std::optional<Migrate> Migrate::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    const Migrate message{.flags = reader.u32()};
    return reader.ok() ? std::optional(message) : std::nullopt;
}

std::optional<Notify> Notify::parse(ByteSpan body) noexcept {
    ByteReader reader(body);
    (void)reader.u64(); // timestamp
    const std::uint32_t severity = reader.u32();
    (void)reader.u32(); // visibility
    (void)reader.u32(); // what: a code of the severity's own list
    const std::size_t length = reader.u32();
    // A text for the log is worth no broken connection: what is there of it will do.
    const ByteSpan text = reader.bytes(std::min(length, reader.remaining()));
    return reader.ok() ? std::optional(Notify{severity, text}) : std::nullopt;
}

} // namespace spicykvm::spice
