// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/led_filter.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;
using core::LedState;

constexpr core::KeyCode kPause{KEY_PAUSE};
constexpr core::KeyCode kScrollLock{KEY_SCROLLLOCK};
constexpr LedState kNone{};
constexpr LedState kScroll{.scroll = true};
constexpr LedState kCaps{.caps = true};
constexpr LedState kCapsScroll{.caps = true, .scroll = true};
const TimePoint kStart = TimePoint{} + 1h;

TEST(LedFilter, PassesReportsOn) {
    LedFilter filter;
    EXPECT_EQ(filter.on_report(kNone, kStart), kNone);
    EXPECT_EQ(filter.on_report(kScroll, kStart), kScroll);
    EXPECT_EQ(filter.on_report(kCaps, kStart), kCaps);
}

TEST(LedFilter, TakesTheFalseScrollLockAfterPauseOut) {
    LedFilter filter;
    filter.on_press(kPause, kStart);
    EXPECT_EQ(filter.on_report(kScroll, kStart + 2s), std::nullopt);
}

TEST(LedFilter, WorksTheOtherWayRoundToo) {
    LedFilter filter;
    (void)filter.on_report(kCapsScroll, kStart);
    filter.on_press(kPause, kStart);
    EXPECT_EQ(filter.on_report(kCaps, kStart + 2s), std::nullopt);
}

TEST(LedFilter, KeepsToItsTime) {
    LedFilter filter;
    filter.on_press(kPause, kStart);
    EXPECT_EQ(filter.on_report(kScroll, kStart + LedFilter::kAfterPause), std::nullopt);
    EXPECT_EQ(filter.on_report(kScroll, kStart + LedFilter::kAfterPause + 1us), kScroll);
}

TEST(LedFilter, PassesOnWhatChangesMoreOrNothing) {
    LedFilter filter;
    filter.on_press(kPause, kStart);
    EXPECT_EQ(filter.on_report(kNone, kStart + 1s), kNone);
    EXPECT_EQ(filter.on_report(kCapsScroll, kStart + 1s), kCapsScroll);
}

TEST(LedFilter, BelievesAScrollLockKeyAfterThePause) {
    LedFilter filter;
    filter.on_press(kPause, kStart);
    filter.on_press(kScrollLock, kStart + 1s);
    EXPECT_EQ(filter.on_report(kScroll, kStart + 2s), kScroll);
}

TEST(LedFilter, IsNotMovedByOtherKeys) {
    LedFilter filter;
    filter.on_press(core::KeyCode{KEY_A}, kStart);
    EXPECT_EQ(filter.on_report(kScroll, kStart), kScroll);
}

} // namespace
} // namespace spicykvm::spice
