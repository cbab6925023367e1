// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/rate_control.h"

#include <cmath>
#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

TEST(RateControl, FollowsTheClocks) {
    RateControl rate;
    for (int i = 0; i < 1000; ++i) {
        rate.step(0, 1.0002, 0.005);
    }
    EXPECT_DOUBLE_EQ(rate.ratio(), 1.0002);
}

TEST(RateControl, ReadsFasterWhenBehind) {
    RateControl rate;
    EXPECT_GT(rate.step(10, 1, 0.005), 1);
    RateControl other;
    EXPECT_LT(other.step(-10, 1, 0.005), 1);
}

TEST(RateControl, NeitherStepsNorLeavesItsBounds) {
    RateControl rate;
    double last = 1;
    for (int i = 0; i < 10'000; ++i) {
        const double now = rate.step(i < 5000 ? 1e9 : -1e9, 1, i % 2 == 0 ? 0.005 : 1);
        ASSERT_LE(std::abs(now - last), RateControl::kMaxStep + 1e-12);
        ASSERT_LE(std::abs(now - 1), RateControl::kMaxDeviation + 1e-12);
        last = now;
    }
    EXPECT_NEAR(last, 1 - RateControl::kMaxDeviation, 1e-12);
}

TEST(RateControl, RemovesAnErrorWithoutOvershooting) {
    RateControl rate;
    double behind = 180;
    for (int i = 0; i < 20'000; ++i) {
        behind -= (rate.step(behind, 1, 0.00533) - 1) * 256;
        ASSERT_GT(behind, -10);
    }
    EXPECT_NEAR(behind, 0, 0.01);
}

} // namespace

} // namespace spicykvm::audio
