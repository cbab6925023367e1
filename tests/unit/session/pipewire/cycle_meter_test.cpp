// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/cycle_meter.h"

#include <chrono>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;
using audio::Frames;

constexpr TimePoint kBegin{1h};

/// A driver at `rate` that wakes us 50 us late.
struct Driver {
    CycleMeter meter;
    std::uint32_t rate = 48000;
    GraphTime time{kBegin, 1'000'000, 48000};

    audio::Pull cycle(Frames ticks, Frames frames) {
        time.rate = rate;
        const audio::Pull pull = meter.request(time, time.now + 50us, frames);
        time.now += std::chrono::nanoseconds(ticks * 1'000'000'000 / rate);
        time.ticks += ticks;
        return pull;
    }
};

TEST(CycleMeter, PassesOnTheDriversTimeAndTicks) {
    Driver driver;
    driver.cycle(256, 256);
    const GraphTime expected = driver.time;
    const audio::Pull pull = driver.cycle(256, 256);
    EXPECT_EQ(pull.now, expected.now);
    EXPECT_EQ(pull.ticks, expected.ticks);
    EXPECT_EQ(pull.tick_rate, 48000U);
    EXPECT_EQ(pull.frames, 256);
    EXPECT_EQ(driver.meter.quantum(), 256);
}

TEST(CycleMeter, AMissedCycleIsAGap) {
    Driver driver;
    driver.cycle(256, 256);
    driver.cycle(512, 256); // the next one is missed
    driver.cycle(256, 256);
    EXPECT_EQ(driver.meter.gaps(), 1U);
    driver.cycle(256 * 4, 256);
    driver.cycle(256, 256);
    EXPECT_EQ(driver.meter.gaps(), 4U);
    EXPECT_EQ(driver.meter.quantum(), 256);
}

TEST(CycleMeter, AChangeOfTheQuantumIsNone) {
    Driver driver;
    for (const Frames quantum : {256, 256, 1024, 1024, 64, 64, 8192, 8192, 32, 32}) {
        driver.cycle(quantum, quantum);
    }
    EXPECT_EQ(driver.meter.gaps(), 0U);
    EXPECT_EQ(driver.meter.quantum(), 32);
}

TEST(CycleMeter, ARequestThatIsMadeInTwoIsOneCycle) {
    Driver driver;
    driver.cycle(256, 256);
    driver.cycle(0, 256);
    driver.cycle(256, 33);
    driver.cycle(256, 256);
    driver.cycle(256, 256);
    EXPECT_EQ(driver.meter.gaps(), 0U);
    EXPECT_EQ(driver.meter.quantum(), 256);
}

TEST(CycleMeter, AGraphAtAnotherRateAsksForUnevenParts) {
    Driver driver;
    driver.rate = 44100;
    for (int i = 0; i < 100; ++i) {
        driver.cycle(128, i % 3 == 0 ? 140 : 139);
    }
    EXPECT_EQ(driver.meter.gaps(), 0U);
    EXPECT_EQ(driver.meter.quantum(), 139);
}

TEST(CycleMeter, AnotherDriverBeginsAnew) {
    Driver driver;
    driver.cycle(256, 256);
    driver.time.ticks = 5;
    driver.cycle(256, 256);
    driver.time.ticks += 48001;
    driver.cycle(256, 256);
    driver.rate = 96000;
    driver.cycle(2048, 256);
    EXPECT_EQ(driver.meter.gaps(), 0U);
}

TEST(CycleMeter, WithoutADriverTheClockIsOurs) {
    CycleMeter meter;
    EXPECT_EQ(meter.request({}, kBegin, 256).ticks, 0);
    const audio::Pull pull = meter.request({}, kBegin + 5ms, 128);
    EXPECT_EQ(pull.now, kBegin + 5ms);
    EXPECT_EQ(pull.ticks, 256);
    EXPECT_EQ(pull.tick_rate, 48000U);
}

TEST(CycleMeter, ADriverOnAnotherClockIsNotBelieved) {
    CycleMeter meter;
    for (const auto off : {37s, -37s}) {
        const audio::Pull pull = meter.request({kBegin + off, 77, 48000}, kBegin, 256);
        EXPECT_EQ(pull.now, kBegin);
    }
    EXPECT_EQ(meter.gaps(), 0U);
}

} // namespace

} // namespace spicykvm::session
