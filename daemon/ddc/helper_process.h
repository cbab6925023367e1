// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/result.h"

#include <string>
#include <vector>

namespace spicykvm::ddc {

/// How spicykvm-ddc is started.
struct HelperCommand {
    std::string path; ///< absolute
    std::vector<std::string> arguments;
};

/// A running spicykvm-ddc. Dropping it lets it end by itself when its present request is done.
struct HelperProcess {
    Fd socket; ///< non-blocking; one packet a message
    Fd pidfd;  ///< readable when it has ended

    /// Starts it with the socket, nothing to read, and this process's stderr; with no signal
    /// blocked.
    [[nodiscard]] static Result<HelperProcess> start(const HelperCommand& command);
    /// SIGKILL, which one that hangs in the kernel does not notice.
    void kill() const noexcept;
};

} // namespace spicykvm::ddc
