// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wheel.h"

#include <gtest/gtest.h>
#include <limits>

namespace spicykvm::core {

namespace {

constexpr DeviceSlot kMouse{3};
using Limits = std::numeric_limits<std::int32_t>;

class WheelTest : public testing::Test {
  protected:
    void turn(std::uint16_t code, std::int32_t value, DeviceSlot device = kMouse) {
        wheel.on_event(device, Event{now, EV_REL, code, value});
    }
    std::int32_t take(DeviceSlot device = kMouse) { return wheel.take(device, now).vertical; }

    Wheel wheel;
    TimePoint now{Milliseconds{10'000}};
};

TEST_F(WheelTest, CountsDetentsOfAPlainWheel) {
    turn(REL_WHEEL, 1);
    EXPECT_EQ(take(), 1);
    turn(REL_WHEEL, -3);
    EXPECT_EQ(take(), -3);
    EXPECT_EQ(take(), 0);
}

TEST_F(WheelTest, CountsADetentSentInBothFormsOnceInEitherOrder) {
    turn(REL_WHEEL, 1);
    turn(REL_WHEEL_HI_RES, 120);
    EXPECT_EQ(take(), 1);
    turn(REL_WHEEL_HI_RES, -120);
    turn(REL_WHEEL, -1);
    EXPECT_EQ(take(), -1);
    turn(REL_WHEEL, -1); // the summed detent of earlier high-resolution events
    EXPECT_EQ(take(), 0);
}

TEST_F(WheelTest, SumsHighResolutionToWholeDetents) {
    for (const std::int32_t detents : {0, 0, 0, 1, 0, 0, 0, 1}) {
        turn(REL_WHEEL_HI_RES, 30);
        EXPECT_EQ(take(), detents);
        now += Milliseconds{8};
    }
    turn(REL_WHEEL_HI_RES, 300);
    EXPECT_EQ(take(), 2);
    turn(REL_WHEEL_HI_RES, 60);
    EXPECT_EQ(take(), 1);
}

TEST_F(WheelTest, DropsTheRestOnAChangeOfDirection) {
    turn(REL_WHEEL_HI_RES, 119);
    EXPECT_EQ(take(), 0);
    turn(REL_WHEEL_HI_RES, -100);
    EXPECT_EQ(take(), 0);
    turn(REL_WHEEL_HI_RES, -20);
    EXPECT_EQ(take(), -1);
}

TEST_F(WheelTest, DropsTheRestAfterAPause) {
    turn(REL_WHEEL_HI_RES, 119);
    EXPECT_EQ(take(), 0);
    now += Wheel::kPause - Milliseconds{1};
    turn(REL_WHEEL_HI_RES, 0); // a report without movement is no movement
    EXPECT_EQ(take(), 0);
    turn(REL_WHEEL_HI_RES, 1);
    EXPECT_EQ(take(), 1);
    turn(REL_WHEEL_HI_RES, 119);
    EXPECT_EQ(take(), 0);
    now += Wheel::kPause;
    turn(REL_WHEEL_HI_RES, 1);
    EXPECT_EQ(take(), 0);
}

TEST_F(WheelTest, CapsWhatABrokenDeviceSends) {
    turn(REL_WHEEL, 17);
    EXPECT_EQ(take(), Wheel::kMaxDetents);
    turn(REL_WHEEL, Limits::min());
    turn(REL_WHEEL, Limits::min());
    EXPECT_EQ(take(), -Wheel::kMaxDetents);
    turn(REL_WHEEL_HI_RES, Limits::max());
    turn(REL_WHEEL_HI_RES, Limits::max());
    EXPECT_EQ(take(), Wheel::kMaxDetents);
    turn(REL_WHEEL_HI_RES, Limits::min());
    EXPECT_EQ(take(), -Wheel::kMaxDetents);
}

TEST_F(WheelTest, KeepsDevicesAndAxesApart) {
    constexpr DeviceSlot kOther{4};
    turn(REL_WHEEL_HI_RES, 60);
    turn(REL_WHEEL, 1, kOther);
    turn(REL_HWHEEL, -2, kOther);
    EXPECT_EQ(take(), 0);
    const WheelDetents other = wheel.take(kOther, now);
    EXPECT_EQ(other.vertical, 1);
    EXPECT_EQ(other.horizontal, -2);
    turn(REL_HWHEEL_HI_RES, 240);
    turn(REL_HWHEEL, 2);
    EXPECT_EQ(wheel.take(kMouse, now).horizontal, 2);
}

TEST_F(WheelTest, ForgetsADeviceThatIsGone) {
    turn(REL_WHEEL_HI_RES, 60);
    EXPECT_EQ(take(), 0);
    wheel.forget(kMouse);
    turn(REL_WHEEL, 1); // another device in its place, a plain one
    EXPECT_EQ(take(), 1);
}

TEST_F(WheelTest, ResetDropsTheRestButRemembersTheKind) {
    turn(REL_WHEEL_HI_RES, 60);
    EXPECT_EQ(take(), 0);
    turn(REL_WHEEL_HI_RES, 50); // a packet that never ended
    wheel.reset();
    EXPECT_EQ(take(), 0);
    turn(REL_WHEEL, 1);
    EXPECT_EQ(take(), 0);
    turn(REL_WHEEL_HI_RES, 120);
    EXPECT_EQ(take(), 1);
}

TEST_F(WheelTest, IgnoresOtherAxes) {
    turn(REL_X, 5);
    turn(REL_DIAL, 5);
    EXPECT_EQ(take(), 0);
    EXPECT_FALSE(Wheel::is_wheel(REL_Y));
    EXPECT_TRUE(Wheel::is_wheel(REL_HWHEEL_HI_RES));
}

} // namespace

} // namespace spicykvm::core
