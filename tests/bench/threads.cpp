// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/threads.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fstream>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::bench {

std::chrono::nanoseconds cpu_time(pid_t thread) {
    // As pthread_getcpuclockid() makes it (clock_getres(2)): the thread's id inverted, and what
    // kind of clock in the three lowest bits: 4 (a thread's) | 2 (as the scheduler counts).
    const auto clock = static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3U) | 6U);
    timespec time{};
    if (::clock_gettime(clock, &time) != 0) {
        throw std::system_error(errno, std::generic_category(), "clock_gettime of a thread");
    }
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::uint64_t sleeps(pid_t thread) {
    return sleeps_in("/proc/self/task/" + std::to_string(thread) + "/status");
}

std::uint64_t sleeps_in(const std::string& path) {
    std::ifstream status(path);
    const std::string wanted = "voluntary_ctxt_switches:";
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(wanted)) {
            return std::stoull(line.substr(wanted.size()));
        }
    }
    throw std::runtime_error("no voluntary_ctxt_switches in a thread's status");
}

bool set_realtime(int priority) noexcept {
    sched_param parameters{};
    parameters.sched_priority = priority;
    const int policy = priority > 0 ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER;
    return ::pthread_setschedparam(::pthread_self(), policy, &parameters) == 0;
}

void sleep_exactly() noexcept {
    ::prctl(PR_SET_TIMERSLACK, 1UL);
}

OneCpu::OneCpu() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    int last = CPU_SETSIZE - 1; // the first one has the interrupts
    while (last > 0 && !CPU_ISSET(static_cast<unsigned>(last), &before_)) {
        --last;
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<unsigned>(last), &one);
    ::sched_setaffinity(0, sizeof one, &one);
}

OneCpu::~OneCpu() {
    ::sched_setaffinity(0, sizeof before_, &before_);
}

BusyMachine::BusyMachine() {
    const int wanted = std::min(static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)), kMost);
    for (; count_ < wanted; ++count_) {
        const pid_t child = ::fork();
        if (child < 0) {
            break;
        }
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;) {
                asm volatile(""); // or the loop would be undefined behaviour
            }
        }
        programs_[count_] = child;
    }
}

BusyMachine::~BusyMachine() {
    for (int i = 0; i < count_; ++i) {
        ::kill(programs_[i], SIGKILL);
        ::waitpid(programs_[i], nullptr, 0);
    }
}

} // namespace spicykvm::bench
