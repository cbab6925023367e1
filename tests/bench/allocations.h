// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <sys/types.h>

namespace spicykvm::bench {

/// How often a thread calls operator new while this exists. One at a time.
class AllocationCount {
  public:
    explicit AllocationCount(pid_t thread) noexcept;
    AllocationCount(const AllocationCount&) = delete;
    AllocationCount& operator=(const AllocationCount&) = delete;
    ~AllocationCount();

    [[nodiscard]] std::uint64_t get() const noexcept;
};

} // namespace spicykvm::bench
