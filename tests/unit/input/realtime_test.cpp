// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/realtime.h"

#include <csignal>
#include <gtest/gtest.h>
#include <pthread.h>
#include <string>
#include <sys/resource.h>
#include <thread>

namespace spicykvm::input {
namespace {

TEST(Realtime, NamesTheThreadAndBlocksItsSignals) {
    std::string name(16, '\0');
    bool blocked = false;
    std::errc result = std::errc::io_error;
    std::thread([&] {
        result = prepare_thread("spicykvm-input", 0);
        ::pthread_getname_np(::pthread_self(), name.data(), name.size());
        sigset_t set;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &set);
        blocked = sigismember(&set, SIGTERM) == 1 && sigismember(&set, SIGHUP) == 1;
    }).join();
    EXPECT_EQ(result, std::errc{});
    EXPECT_STREQ(name.c_str(), "spicykvm-input");
    EXPECT_TRUE(blocked);
}

TEST(Realtime, APriorityIsGivenOrRefusedWithAReason) {
    std::errc result{};
    int policy = -1;
    std::thread([&] {
        result = prepare_thread("test", 10);
        sched_param parameters{};
        ::pthread_getschedparam(::pthread_self(), &policy, &parameters);
    }).join();
    EXPECT_EQ(policy, result == std::errc{} ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER);
}

TEST(Realtime, APriorityThatDoesNotExistIsRefused) {
    std::errc result{};
    std::thread([&] { result = prepare_thread("test", 1000); }).join();
    EXPECT_EQ(result, std::errc::invalid_argument);
}

TEST(Realtime, MemoryIsNotLockedUnderALimit) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_MEMLOCK, &before), 0);
    rlimit limited = before;
    limited.rlim_cur = 8U << 20U;
    ASSERT_EQ(::setrlimit(RLIMIT_MEMLOCK, &limited), 0);
    EXPECT_EQ(lock_memory(), std::errc::operation_not_permitted);
    EXPECT_EQ(::setrlimit(RLIMIT_MEMLOCK, &before), 0);
}

} // namespace
} // namespace spicykvm::input
