// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/result.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace spicykvm::ddc {

struct SpawnOptions {
    std::vector<std::string> words;       ///< the program by its absolute path, its arguments
    std::vector<std::string> environment; ///< "NAME=value"; nothing else of this process's
    int third = -1;                       ///< becomes its descriptor 3; -1: it has none
    /// A process group of its own, so that all it starts can be killed with it.
    bool own_group = false;
};

/// A running child. Its number is its own until its end is taken by reap().
struct Child {
    pid_t pid = -1;
    Fd pidfd; ///< readable when it has ended
};

/// Starts a program with /dev/null to read and to write to and this process's stderr; with no other
/// descriptor, and with no signal blocked or ignored.
[[nodiscard]] Result<Child> spawn(const SpawnOptions& options);

/// Takes the end of a child that has ended: nothing if it ended with status 0, else how it ended.
Result<void> reap(const Child& child);

} // namespace spicykvm::ddc
