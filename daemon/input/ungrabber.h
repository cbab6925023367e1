// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/event.h"
#include "input/input_node.h"

#include <array>
#include <atomic>
#include <semaphore.h>
#include <span>
#include <thread>
#include <vector>

namespace spicykvm::input {

/// Ungrabs several nodes at once. A device is the host's again as soon as the kernel begins to
/// ungrab it, but the call then waits 30 ms (see EvdevNode::ungrab()): one after the other, the
/// last of four would come 90 ms late (measured). So there are a few threads that do nothing else.
class Ungrabber {
  public:
    using Now = TimePoint (*)() noexcept;

    Ungrabber(unsigned helpers, int rt_priority, Now now);
    Ungrabber(const Ungrabber&) = delete;
    Ungrabber& operator=(const Ungrabber&) = delete;
    ~Ungrabber();

    /// Begins; the first of `nodes` are the most urgent. finish() must be called before they are
    /// used again.
    void start(std::span<InputNode* const> nodes) noexcept;
    /// Takes part until all are done, and waits for the rest. Returns when the last ungrab was
    /// begun. Nothing to do when nothing was started.
    TimePoint finish() noexcept;

  private:
    void wake(std::size_t helpers) noexcept;
    bool work_on_one() noexcept;
    void help(int rt_priority) noexcept;

    Now now_;
    sem_t wake_; ///< a count for each helper that shall look for work
    sem_t done_;
    std::atomic<bool> stop_{false};
    std::atomic<unsigned> unclaimed_{0};
    std::atomic<unsigned> unfinished_{0};
    bool started_ = false;
    std::size_t count_ = 0;
    std::array<InputNode*, core::kMaxDevices> nodes_{}; ///< claimed from the end
    std::array<TimePoint, core::kMaxDevices> begun_{};
    std::vector<std::thread> helpers_;
};

} // namespace spicykvm::input
