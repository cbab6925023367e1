// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "core/guest_port.h"
#include "spice/channel_type.h"
#include "spice/messages.h"

#include <cstdint>
#include <optional>
#include <spice/enums.h>

namespace spicykvm::spice {

// Server to client.

/// | session u32 | display channels u32 | supported mouse modes u32 | mouse mode u32 |
/// | agent connected u32 | agent tokens u32 | multimedia time u32 | ram u32 |
struct MainInit {
    std::uint32_t session;
    std::uint32_t mouse_mode; ///< SPICE_MOUSE_MODE_*
    static std::optional<MainInit> parse(ByteSpan body) noexcept;
};

/// | count u32 | count times: type u8, id u8 |
/// May come again, and then names only what is new.
struct ChannelsList {
    ByteSpan pairs;
    [[nodiscard]] bool has(ChannelType type) const noexcept;
    static std::optional<ChannelsList> parse(ByteSpan body) noexcept;
};

/// | supported modes u16 | mode u16 |   Only comes when it changes.
struct MouseMode {
    std::uint16_t mode;
    static std::optional<MouseMode> parse(ByteSpan body) noexcept;
};

/// | length u32 | name ... | NUL |
struct MainName {
    ByteSpan name; ///< foreign, up to the first NUL
    static std::optional<MainName> parse(ByteSpan body) noexcept;
};

/// | 16 bytes as they are written |   All zeros: the VM has none.
struct MainUuid {
    std::optional<core::Uuid> uuid;
    static std::optional<MainUuid> parse(ByteSpan body) noexcept;
};

// Client to server.

constexpr auto encode_attach_channels() noexcept {
    return encode_message(SPICE_MSGC_MAIN_ATTACH_CHANNELS);
}
constexpr auto encode_mouse_mode_request(std::uint16_t mode) noexcept {
    return encode_message(SPICE_MSGC_MAIN_MOUSE_MODE_REQUEST, mode);
}
constexpr auto encode_migrate_connect_error() noexcept {
    return encode_message(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR);
}

} // namespace spicykvm::spice
