// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <sched.h>
#include <string>
#include <sys/types.h>

namespace spicykvm::bench {

/// CPU time of a thread of this process, in user space and in the kernel.
[[nodiscard]] std::chrono::nanoseconds cpu_time(pid_t thread);
/// How often a thread of this process has gone to sleep, and so been woken.
[[nodiscard]] std::uint64_t sleeps(pid_t thread);
/// The same, from a thread's /proc/PID/task/TID/status.
[[nodiscard]] std::uint64_t sleeps_in(const std::string& status);

/// Real-time scheduling for the calling thread, not for its children and the threads that it
/// starts; false if that is not permitted. 0: none.
bool set_realtime(int priority) noexcept;
/// Wakes up when asked to, and not up to 50 us later.
void sleep_exactly() noexcept;

/// Real-time scheduling for the calling thread while this exists.
class Realtime {
  public:
    explicit Realtime(int priority) noexcept : granted_(set_realtime(priority)) {}
    Realtime(const Realtime&) = delete;
    Realtime& operator=(const Realtime&) = delete;
    ~Realtime() { set_realtime(0); }
    [[nodiscard]] bool granted() const noexcept { return granted_; }

  private:
    bool granted_;
};

/// Keeps the calling thread, and the threads it starts, on one CPU while this exists. Then a
/// wake-up is a switch on that CPU, not an interrupt to another one that may have gone to sleep:
/// what is left of a latency is work.
class OneCpu {
  public:
    OneCpu();
    OneCpu(const OneCpu&) = delete;
    OneCpu& operator=(const OneCpu&) = delete;
    ~OneCpu();

  private:
    cpu_set_t before_{};
};

/// Programs that want all there is of every CPU, while it exists.
class BusyMachine {
  public:
    BusyMachine();
    BusyMachine(const BusyMachine&) = delete;
    BusyMachine& operator=(const BusyMachine&) = delete;
    ~BusyMachine();

  private:
    static constexpr int kMost = 64;
    int count_ = 0;
    pid_t programs_[kMost] = {};
};

} // namespace spicykvm::bench
