// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/helper/worker.h"

namespace spicykvm::ddc {

/// Where the daemon's end of the pair is reached.
inline constexpr int kHelperSocket = 3;

/// Closes every descriptor above the socket and gives up for good what is not needed: new
/// privileges and (best effort) the system calls that make sockets and start programs.
void confine() noexcept;

/// Answers requests from `socket` (SOCK_SEQPACKET), one at a time, until the daemon's end is
/// closed. What is no request is answered with Status::Invalid. Returns the exit code: 0, or 1 if
/// the socket fails.
[[nodiscard]] int serve(int socket, Worker& worker);

} // namespace spicykvm::ddc
