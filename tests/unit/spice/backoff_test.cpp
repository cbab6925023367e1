// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/backoff.h"

#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;

std::vector<Milliseconds> take(Backoff& backoff, int count) {
    std::vector<Milliseconds> delays;
    for (int i = 0; i < count; ++i) {
        delays.push_back(backoff.next());
    }
    return delays;
}

TEST(Backoff, GrowsToItsLongest) {
    Backoff backoff(1s, 60s);
    EXPECT_EQ(take(backoff, 7), (std::vector<Milliseconds>{1s, 2s, 5s, 15s, 60s, 60s, 60s}));
}

TEST(Backoff, IsNeverLongerThanItMay) {
    Backoff backoff(1s, 4s);
    EXPECT_EQ(take(backoff, 4), (std::vector<Milliseconds>{1s, 2s, 4s, 4s}));
}

TEST(Backoff, StartsAgain) {
    Backoff backoff(1s, 60s);
    EXPECT_TRUE(backoff.fresh());
    (void)take(backoff, 4);
    EXPECT_FALSE(backoff.fresh());
    backoff.reset();
    EXPECT_TRUE(backoff.fresh());
    EXPECT_EQ(backoff.next(), 1s);
}

TEST(Backoff, JumpsToItsLongest) {
    Backoff backoff(1s, 30s);
    backoff.jump_to_longest();
    EXPECT_EQ(take(backoff, 2), (std::vector<Milliseconds>{30s, 30s}));
}

} // namespace
} // namespace spicykvm::spice
