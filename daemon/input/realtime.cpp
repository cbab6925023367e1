// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/realtime.h"

#include <cerrno>
#include <csignal>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace spicykvm::input {

std::errc prepare_thread(const char* name, int rt_priority) noexcept {
    ::prctl(PR_SET_NAME, name);
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    if (rt_priority <= 0) {
        return {};
    }
    sched_param parameters{};
    parameters.sched_priority = rt_priority;
    // A child, such as a hook, must not run in real time.
    return static_cast<std::errc>(
        ::pthread_setschedparam(::pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters));
}

std::errc lock_memory() noexcept {
    // Under a limit, MCL_FUTURE would make later allocations fail once it is reached.
    rlimit limit{};
    if (::getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY) {
        return std::errc::operation_not_permitted;
    }
    return ::mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0 ? std::errc{}
                                                                   : static_cast<std::errc>(errno);
}

} // namespace spicykvm::input
