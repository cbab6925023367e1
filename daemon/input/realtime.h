// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <system_error>

namespace spicykvm::input {

/// Names the calling thread, blocks its signals (they belong to the main loop) and, with a priority
/// above 0, asks for SCHED_FIFO. Returns why that was refused.
std::errc prepare_thread(const char* name, int rt_priority) noexcept;

/// Keeps the process's pages in memory once they have been touched, so that the input thread never
/// waits for a disk.
std::errc lock_memory() noexcept;

} // namespace spicykvm::input
