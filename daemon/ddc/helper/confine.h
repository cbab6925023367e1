// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What spicykvm-ddc gives up for good before it reads the first byte of a monitor. It runs in the
// daemon's unit and as its user, who may open every keyboard.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace spicykvm::ddc {

/// Where the daemon's end of the pair is reached.
inline constexpr int kHelperSocket = 3;

/// Closes every descriptor above the socket, gives up new privileges, and forbids by a seccomp
/// filter (EPERM): new sockets, other programs, other processes, and every ioctl but those of I2C.
/// Fails if the kernel has no filters; the rest is done then.
[[nodiscard]] Result<void> confine();

/// From now on the process reads what is below `sysfs`, reads and writes `nodes` (descriptors,
/// O_PATH will do), and opens nothing else (EACCES): by Landlock. After confine(). Fails if the
/// kernel has none (before 5.13, or not enabled), and changes nothing then.
[[nodiscard]] Result<void> restrict_files(const std::string& sysfs, const std::vector<int>& nodes);

} // namespace spicykvm::ddc
