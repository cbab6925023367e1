// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/helper/worker.h"

namespace spicykvm::ddc {

/// Answers requests from `socket` (SOCK_SEQPACKET), one at a time, until the daemon's end is
/// closed. What is no request is answered with Status::Invalid. Returns the exit code: 0, or 1 if
/// the socket fails.
[[nodiscard]] int serve(int socket, Worker& worker);

} // namespace spicykvm::ddc
