// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/bus_timing.h"

#include <gtest/gtest.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{1h};

Milliseconds rest(Operation operation, unsigned slowness, VcpCode vcp = VcpCode::InputSource) {
    BusTiming timing;
    Request request;
    request.operation = operation;
    request.vcp = vcp;
    request.bus = Bus{3};
    timing.used(request, slowness, kNow);
    return std::chrono::duration_cast<Milliseconds>(timing.earliest(Bus{3}) - kNow);
}

TEST(BusTiming, GivesEachOperationItsRest) {
    EXPECT_EQ(rest(Operation::Get, 1), 50ms);
    EXPECT_EQ(rest(Operation::Set, 1), 50ms);
    EXPECT_EQ(rest(Operation::Capabilities, 1), 50ms);
    EXPECT_EQ(rest(Operation::Save, 1), 200ms);
    EXPECT_EQ(rest(Operation::Edid, 1), 0ms);
    EXPECT_EQ(rest(Operation::Set, 1, VcpCode::DellPictureMode), 3s);
}

TEST(BusTiming, IsLongerForSlowMonitorsAndNeverShorter) {
    EXPECT_EQ(rest(Operation::Set, 4), 200ms);
    EXPECT_EQ(rest(Operation::Save, 10), 2s);
    EXPECT_EQ(rest(Operation::Set, 0), 50ms);
    EXPECT_EQ(rest(Operation::Set, 1000), 500ms);
    EXPECT_EQ(BusTiming::reply_delay(0), 50ms);
    EXPECT_EQ(BusTiming::reply_delay(3), 150ms);
    EXPECT_EQ(BusTiming::reply_delay(11), 500ms);
}

TEST(BusTiming, KeepsBusesApart) {
    BusTiming timing;
    Request request;
    request.operation = Operation::Set;
    request.bus = Bus{3};
    timing.used(request, 1, kNow);
    EXPECT_LE(timing.earliest(Bus{4}), kNow);
    EXPECT_GT(timing.earliest(Bus{3}), kNow);
}

TEST(BusTiming, ALaterRequestDoesNotShortenTheRest) {
    BusTiming timing;
    Request request;
    request.bus = Bus{3};
    request.operation = Operation::Save;
    timing.used(request, 1, kNow);
    request.operation = Operation::Edid;
    timing.used(request, 1, kNow + 10ms);
    EXPECT_EQ(timing.earliest(Bus{3}), kNow + 200ms);
}

} // namespace
} // namespace spicykvm::ddc
