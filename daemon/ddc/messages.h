// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "ddc/display.h"
#include "ddc/packet.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace spicykvm::ddc {

// What spicykvmd and spicykvm-ddc say to each other, one message a packet of the socket,
// little-endian:
//
//     request  magic u32 | serial u32 | operation u8 | identity u8 | unsafe u8 | source u8 | vcp u8
//     | 0 u8 |
//              bus u16 | value u16 | index u16 | reply delay in ms u16 | edid (128)
//     reply    magic u32 | serial u32 | status u8 | flags u8 | fault u8 | 0 u8 | errno u32 | max
//     u16 |
//              current u16 | bus count u8 | length u8 | buses u16 (4) | edid (128) | text (64)

enum class Operation : std::uint8_t {
    Display = 1,      ///< the `index`th place for a monitor; touches no bus
    Edid = 2,         ///< read the EDID on `bus`
    Get = 3,          ///< read a feature
    Set = 4,          ///< write a feature
    Save = 5,         ///< make the monitor remember
    Capabilities = 6, ///< the fragment at offset `index`
};

/// What has to be known of the monitor before anything is written to it.
enum class IdentityRule : std::uint8_t {
    None = 0,       ///< whoever it is: the configuration names a bus
    Required = 1,   ///< its EDID, read now on this bus, is that of `edid`
    IfReadable = 2, ///< likewise, but an unreadable one (MST) will do
};

struct Request {
    static constexpr std::size_t kSize = 150;

    std::uint32_t serial = 0; ///< comes back in the reply
    Operation operation = Operation::Display;
    IdentityRule identity = IdentityRule::None;
    bool unsafe = false; ///< write also what may_write() refuses
    SourceAddress source = SourceAddress::Host;
    VcpCode vcp = VcpCode::InputSource;
    Bus bus{};
    std::uint16_t value = 0;
    std::uint16_t index = 0;
    std::uint16_t reply_delay_ms = 50; ///< 0..1000
    Edid::Block edid{};

    [[nodiscard]] std::array<std::uint8_t, kSize> encode() const noexcept;
    /// Nothing, unless every field is in its range and a write is allowed.
    [[nodiscard]] static std::optional<Request> decode(ByteSpan bytes) noexcept;
    bool operator==(const Request&) const = default;
};

/// How far a request came.
enum class Status : std::uint8_t {
    Done = 0,
    NoDisplay = 1,      ///< `index` is past the last one
    OpenFailed = 2,     ///< the node; see `error_number`
    Busy = 3,           ///< another program holds the lock of the bus
    EdidUnreadable = 4, ///< nothing was written
    EdidDiffers = 5,    ///< another monitor is there: nothing was written
    TransferFailed = 6, ///< see `error_number`
    BadReply = 7,       ///< see `fault`
    Invalid = 8,        ///< the request can't be understood, or is not allowed
};

struct Reply {
    static constexpr std::size_t kSize = 222;
    static constexpr std::size_t kMaxBuses = 4;
    static constexpr std::size_t kMaxText = 64;

    std::uint32_t serial = 0;
    Status status = Status::Invalid;
    bool attempted = false; ///< the monitor may have seen the write, whatever the status
    bool unlocked = false;  ///< done without the lock, which another program did not give back
    bool internal = false;  ///< of the display
    bool edid_unreadable = false;
    bool supported = false; ///< of the feature
    bool momentary = false;
    bool has_edid = false;
    ReplyFault fault = ReplyFault::Short;
    int error_number = 0;
    std::uint16_t max = 0;
    std::uint16_t current = 0;
    std::vector<Bus> buses;
    Edid::Block edid{};
    std::string text; ///< connector, or fragment of the capabilities

    [[nodiscard]] std::array<std::uint8_t, kSize> encode() const noexcept;
    [[nodiscard]] static std::optional<Reply> decode(ByteSpan bytes);
    bool operator==(const Reply&) const = default;
};

} // namespace spicykvm::ddc
