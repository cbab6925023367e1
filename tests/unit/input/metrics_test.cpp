// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/metrics.h"

#include <gtest/gtest.h>

namespace spicykvm::input {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, IsZeroWhenEmpty) {
    const Histogram histogram;
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.quantile(0.5), nanoseconds(0));
    EXPECT_EQ(histogram.max(), nanoseconds(0));
}

TEST(Histogram, AnswersWithTheBoundOfTheBucket) {
    Histogram histogram;
    for (int i = 0; i < 99; ++i) {
        histogram.record(nanoseconds(1000)); // below 1024
    }
    histogram.record(nanoseconds(1'000'000));
    EXPECT_EQ(histogram.count(), 100U);
    EXPECT_EQ(histogram.quantile(0.5), nanoseconds(1024));
    EXPECT_EQ(histogram.quantile(0.99), nanoseconds(1024));
    EXPECT_EQ(histogram.quantile(1.0), nanoseconds(1'000'000)) << "never above the maximum";
    EXPECT_EQ(histogram.max(), nanoseconds(1'000'000));
}

TEST(Histogram, ABoundBelongsToTheNextBucket) {
    Histogram histogram;
    histogram.record(nanoseconds(1023));
    histogram.record(nanoseconds(1024));
    EXPECT_EQ(histogram.quantile(0.5), nanoseconds(1024));
    EXPECT_EQ(histogram.quantile(1.0), nanoseconds(1024));
}

TEST(Histogram, TakesDurationsThatCanNotBe) {
    Histogram histogram;
    histogram.record(nanoseconds(-5));
    histogram.record(nanoseconds(0));
    histogram.record(std::chrono::hours(1000));
    EXPECT_EQ(histogram.count(), 3U);
    EXPECT_EQ(histogram.quantile(0.5), nanoseconds(1));
}

} // namespace
} // namespace spicykvm::input
