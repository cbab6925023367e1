// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mailbox.h"

#include <gtest/gtest.h>
#include <memory>
#include <poll.h>
#include <thread>

namespace spicykvm {
namespace {

bool is_readable(int fd) {
    pollfd request{fd, POLLIN, 0};
    return ::poll(&request, 1, 0) == 1;
}

TEST(Mailbox, KeepsOrder) {
    Mailbox<int, 8> box;
    EXPECT_TRUE(box.send(1));
    EXPECT_TRUE(box.send(2));
    EXPECT_EQ(box.receive(), 1);
    EXPECT_EQ(box.receive(), 2);
    EXPECT_EQ(box.receive(), std::nullopt);
}

TEST(Mailbox, RefusesWhenFullAndKeepsTheValue) {
    Mailbox<std::unique_ptr<int>, 2> box;
    EXPECT_TRUE(box.send(std::make_unique<int>(1)));
    EXPECT_TRUE(box.send(std::make_unique<int>(2)));
    auto third = std::make_unique<int>(3);
    EXPECT_FALSE(box.send(std::move(third)));
    ASSERT_NE(third, nullptr); // NOLINT(bugprone-use-after-move): send() takes only on success
    EXPECT_EQ(**box.receive(), 1);
    EXPECT_TRUE(box.send(std::move(third)));
}

TEST(Mailbox, DescriptorIsReadableUntilAcknowledged) {
    Mailbox<int, 2> box;
    EXPECT_FALSE(is_readable(box.fd()));
    EXPECT_TRUE(box.send(1));
    EXPECT_TRUE(is_readable(box.fd()));
    box.acknowledge();
    EXPECT_FALSE(is_readable(box.fd()));
    EXPECT_EQ(box.receive(), 1);
}

TEST(Mailbox, CarriesEveryValueBetweenThreads) {
    constexpr int kCount = 100'000;
    Mailbox<int, 64> box;
    std::thread sender([&box] {
        for (int i = 0; i < kCount; ++i) {
            while (!box.send(int(i))) {
                std::this_thread::yield();
            }
        }
    });
    for (int expected = 0; expected < kCount;) {
        if (const auto value = box.receive()) {
            ASSERT_EQ(*value, expected);
            ++expected;
        } else {
            pollfd request{box.fd(), POLLIN, 0};
            ::poll(&request, 1, -1);
            box.acknowledge();
        }
    }
    sender.join();
}

} // namespace
} // namespace spicykvm
