// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/event_loop.h"

#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>
#include <sys/epoll.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace spicykvm {
namespace {

using namespace std::chrono_literals;

TEST(EventLoop, ExitCodeIsReturned) {
    EventLoop loop;
    loop.defer([&] { loop.exit(7); });
    EXPECT_EQ(loop.run(), 7);
}

TEST(EventLoop, PostedFromAnotherThreadRunsInOrderOnTheLoop) {
    EventLoop loop;
    std::vector<int> seen;
    std::thread other([&] {
        loop.post([&] { seen.push_back(1); });
        loop.post([&] { seen.push_back(2); });
        loop.post([&] { loop.exit(0); });
    });
    loop.run();
    other.join();
    EXPECT_EQ(seen, (std::vector<int>{1, 2}));
}

TEST(EventLoop, DeferredFromACallbackRunsInALaterTurn) {
    EventLoop loop;
    std::vector<int> seen;
    loop.defer([&] {
        loop.defer([&] {
            seen.push_back(2);
            loop.exit(0);
        });
        seen.push_back(1);
    });
    loop.run();
    EXPECT_EQ(seen, (std::vector<int>{1, 2}));
}

TEST(EventLoop, AnIoCallbackMayDropItsOwnSource) {
    EventLoop loop;
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd reader(ends[0]);
    Fd writer(ends[1]);
    ASSERT_EQ(::write(writer.get(), "x", 1), 1);
    int calls = 0;
    EventSource source;
    source = loop.add_io(reader.get(), EPOLLIN, [&](std::uint32_t) {
        ++calls;
        source.reset();
        loop.defer([&] { loop.exit(0); });
    });
    loop.run();
    EXPECT_EQ(calls, 1);
    EXPECT_FALSE(source.active());
}

TEST(EventLoop, ADroppedSourceIsNotCalled) {
    EventLoop loop;
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd reader(ends[0]);
    Fd writer(ends[1]);
    ASSERT_EQ(::write(writer.get(), "x", 1), 1);
    bool called = false;
    {
        const auto source =
            loop.add_io(reader.get(), EPOLLIN, [&](std::uint32_t) { called = true; });
    }
    loop.defer([&] { loop.exit(0); });
    loop.run();
    EXPECT_FALSE(called);
}

TEST(EventLoop, SignalsAreDelivered) {
    EventLoop loop;
    const auto source = loop.add_signal(SIGUSR1, [&] { loop.exit(3); });
    ::raise(SIGUSR1);
    EXPECT_EQ(loop.run(), 3);
}

TEST(Timer, FiresOnceAndMayBeArmedAgainFromItsCallback) {
    EventLoop loop;
    int fired = 0;
    std::optional<Timer> timer;
    timer.emplace(loop, [&] {
        EXPECT_FALSE(timer->armed());
        if (++fired == 2) {
            loop.exit(0);
        } else {
            timer->arm_after(1us);
        }
    });
    timer->arm_after(1us);
    EXPECT_TRUE(timer->armed());
    loop.run();
    EXPECT_EQ(fired, 2);
}

TEST(Timer, MayBeDestroyedFromItsCallback) {
    EventLoop loop;
    std::string seen;
    std::unique_ptr<Timer> timer;
    timer =
        std::make_unique<Timer>(loop, [&, text = std::string("a string of the callback's own")] {
            timer.reset();
            seen = text;
            loop.exit(0);
        });
    timer->arm_after(1us);
    loop.run();
    EXPECT_EQ(seen, "a string of the callback's own");
}

TEST(Timer, DisarmedDoesNotFire) {
    EventLoop loop;
    bool fired = false;
    Timer never(loop, [&] { fired = true; });
    never.arm_after(1us);
    never.disarm();
    Timer end(loop, [&] { loop.exit(0); });
    end.arm_after(1ms);
    loop.run();
    EXPECT_FALSE(fired);
}

} // namespace
} // namespace spicykvm
