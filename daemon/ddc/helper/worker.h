// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/helper/i2c_node.h"
#include "ddc/messages.h"

#include <filesystem>
#include <set>
#include <vector>

namespace spicykvm::ddc {

/// Does one request after the other, each with one try: when to try again is decided by who asks.
/// A node is open for one request only, because an open one keeps its GPU from being unbound.
class Worker {
  public:
    /// `nodes` and `waiting` must outlive it. `sysfs`: "/sys".
    Worker(I2cNodes& nodes, Waiting& waiting, std::filesystem::path sysfs);

    /// May block for seconds; never throws for what a bus or monitor does.
    [[nodiscard]] Reply handle(const Request& request);

    /// How long another program's lock is waited for. A set, which somebody waits for, then goes on
    /// without it.
    static constexpr Milliseconds kLockWait{1500};

  private:
    void display(std::size_t index, Reply& reply);
    void on_bus(const Request& request, Reply& reply);
    /// 0, or EBUSY if another program keeps the lock.
    [[nodiscard]] int lock(I2cNode& node);

    I2cNodes& nodes_;
    Waiting& waiting_;
    std::filesystem::path sysfs_;
    std::vector<Display> displays_; ///< as of the last request for the first one
    std::set<Bus> without_rdwr_;
};

} // namespace spicykvm::ddc
