// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/lateness.h"

#include <chrono>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;
using audio::Nanoseconds;

/// A window of wake-ups that are `late` each, and the first one of the next.
Lateness::Figures window_of(Lateness& lateness, TimePoint begin, Nanoseconds late) {
    for (int i = 0; i < 100; ++i) {
        lateness.add(begin + i * 10ms, late);
    }
    lateness.add(begin + Lateness::kWindow, late);
    return lateness.figures();
}

TEST(Lateness, IsNothingBeforeTheFirstWindowIsOver) {
    Lateness lateness;
    lateness.add(TimePoint(1h), 5ms);
    EXPECT_EQ(lateness.figures().max, 0ns);
}

TEST(Lateness, EveryValueIsRoundedUpByAtMostAQuarter) {
    for (Nanoseconds late = 1us; late < 1s; late = late * 11 / 10) {
        Lateness lateness;
        const TimePoint begin(1h);
        for (int i = 0; i < 99; ++i) {
            lateness.add(begin, late);
        }
        lateness.add(begin, 2 * late);
        lateness.add(begin + Lateness::kWindow, 0ns);
        EXPECT_GE(lateness.figures().p50, late);
        EXPECT_LE(lateness.figures().p50, std::max<Nanoseconds>(late * 5 / 4, 1024ns))
            << late.count();
        EXPECT_EQ(lateness.figures().p99, lateness.figures().p50);
        EXPECT_EQ(lateness.figures().max, 2 * late);
    }
}

TEST(Lateness, TheTailIsInItsQuantileAndTheMaximum) {
    Lateness lateness;
    const TimePoint begin(1h);
    for (int i = 0; i < 1000; ++i) {
        lateness.add(begin + i * 1ms, i < 980 ? 20us : 4ms);
    }
    lateness.add(begin + 1s, 30ms);
    lateness.add(begin + Lateness::kWindow, 0ns);
    EXPECT_LE(lateness.figures().p50, 25us);
    EXPECT_GE(lateness.figures().p99, 4ms);
    EXPECT_LE(lateness.figures().p99, 5ms);
    EXPECT_EQ(lateness.figures().max, 30ms);
}

TEST(Lateness, AWindowIsForgottenWithTheNextOne) {
    Lateness lateness;
    EXPECT_EQ(window_of(lateness, TimePoint(1h), 9ms).max, 9ms);
    EXPECT_EQ(window_of(lateness, TimePoint(1h) + 4s, 1ms).max, 1ms);
}

TEST(Lateness, WhatIsEarlyOrAbsurdlyLateIsCountedToo) {
    Lateness lateness;
    lateness.add(TimePoint(1h), -5ms);
    lateness.add(TimePoint(1h), 1h);
    lateness.add(TimePoint(1h) + Lateness::kWindow, 0ns);
    EXPECT_LE(lateness.figures().p50, 1024ns);
    EXPECT_EQ(lateness.figures().max, 1h);
}

} // namespace

} // namespace spicykvm::session
