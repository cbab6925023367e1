// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "ddc/monitor_settings.h"
#include "ddc/spawn.h"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>

namespace spicykvm::ddc {

/// Runs the programs that bring monitors home, as the daemon's own user and with nothing of the
/// daemon but its stderr. Never waits. Main loop.
class HookRunner {
  public:
    /// Failed: it did not end with status 0. Timeout: it was killed. Busy: too many run. Else: it
    /// can't be started.
    using Done = std::function<void(Result<void>)>;

    explicit HookRunner(EventLoop& loop) : loop_(loop) {}
    HookRunner(const HookRunner&) = delete;
    HookRunner& operator=(const HookRunner&) = delete;
    /// As stop().
    ~HookRunner() { stop(); }

    /// It sees PATH, SPICYKVM_TARGET and SPICYKVM_MONITOR. `done` is called once, not from inside,
    /// unless stop() comes first.
    void run(const HookCommand& command, const std::string& target, const std::string& monitor,
             Done done);
    /// Kills what runs, with all that it has started.
    void stop();

    /// Those that were killed and have not ended yet count.
    [[nodiscard]] std::size_t running() const noexcept { return running_.size(); }
    static constexpr std::size_t kMaxRunning = 16;

  private:
    struct Running {
        std::string path;
        Done done; ///< empty: nobody waits any more
        Result<Child> child;
        EventSource source;
        std::unique_ptr<Timer> timer;
    };
    using Entry = std::list<Running>::iterator;

    void on_ended(Entry entry);
    void on_time(Entry entry);
    static void kill(const Running& running) noexcept;

    EventLoop& loop_;
    std::list<Running> running_;
};

} // namespace spicykvm::ddc
