// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/seqlock.h"

#include <array>
#include <atomic>
#include <gtest/gtest.h>
#include <thread>

namespace spicykvm::audio {

namespace {

using Value = std::array<std::uint64_t, 6>;

TEST(Seqlock, NothingIsThereAtFirst) {
    const Seqlock<Value> lock;
    Value value{1};
    EXPECT_FALSE(lock.load(value));
    EXPECT_EQ(value[0], 1U);
}

TEST(Seqlock, GivesTheLastValue) {
    Seqlock<Value> lock;
    lock.store({1, 2, 3});
    lock.store({4, 5, 6});
    Value value{};
    EXPECT_TRUE(lock.load(value));
    EXPECT_EQ(value, (Value{4, 5, 6}));
}

TEST(Seqlock, NeverGivesAMixture) {
    Seqlock<Value> lock;
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (std::uint64_t i = 1; i <= 200'000; ++i) {
            lock.store({i, i, i, i, i, i});
        }
        done = true;
    });
    Value value{};
    std::uint64_t last = 0;
    while (!done) {
        if (lock.load(value)) {
            ASSERT_EQ(value, (Value{value[0], value[0], value[0], value[0], value[0], value[0]}));
            ASSERT_GE(value[0], last);
            last = value[0];
        }
    }
    writer.join();
    EXPECT_TRUE(lock.load(value));
    EXPECT_EQ(value[5], 200'000U);
}

} // namespace

} // namespace spicykvm::audio
