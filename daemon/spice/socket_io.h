// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "spice/out_buffer.h"

#include <cstdint>
#include <span>

namespace spicykvm::spice {

/// How far a socket operation came. Nothing here blocks, raises SIGPIPE or allocates.
enum class IoState : std::uint8_t {
    Done,
    Blocked, ///< the socket has no room, or no data
    Closed,  ///< the peer ended the connection in order
    Failed,  ///< see `error_number`
};

struct IoResult {
    IoState state = IoState::Done;
    int error_number = 0;
};

/// Sends what `out` holds with one send().
[[nodiscard]] IoResult send_pending(int socket, OutBuffer& out) noexcept;

struct Received {
    IoResult result;
    ByteSpan bytes; ///< the part of `buffer` that was filled; empty unless Done
};

/// Receives what is there, at most `buffer`, with one recv().
[[nodiscard]] Received receive_some(int socket, std::span<std::uint8_t> buffer) noexcept;

} // namespace spicykvm::spice
