// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/feature_request.h"
#include "support/edid_bytes.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;

const TimePoint kStart{std::chrono::hours(1)};

Display display(std::vector<Bus> buses) {
    Display display;
    display.connector = "card1-DP-1";
    display.buses = std::move(buses);
    display.edid = Edid::parse(test::edid_bytes());
    return display;
}

Reply with_status(Status status, int error_number = 0, bool attempted = false) {
    Reply reply;
    reply.status = status;
    reply.error_number = error_number;
    reply.attempted = attempted;
    return reply;
}

TEST(FeatureRequest, AsksForAFeatureWithoutRegardToWhoIsThere) {
    const auto get = FeatureRequest::get(display({Bus{5}}), VcpCode::Luminance, kStart);
    EXPECT_EQ(get.due(), kStart);
    EXPECT_EQ(get.next().operation, Operation::Get);
    EXPECT_EQ(get.next().vcp, VcpCode::Luminance);
    EXPECT_EQ(get.next().bus, Bus{5});
    EXPECT_EQ(get.next().identity, IdentityRule::None);
    EXPECT_TRUE(Request::decode(get.next().encode()));
}

TEST(FeatureRequest, WritesOnlyToTheMonitorThatIsMeant) {
    Display dock = display({Bus{5}});
    const auto rule = [](const Display& display) {
        const auto set = FeatureRequest::set(display, VcpCode::InputSource, 0x1b1b, kStart);
        EXPECT_EQ(set.next().operation, Operation::Set);
        EXPECT_EQ(set.next().value, 0x1b1b);
        EXPECT_FALSE(set.next().unsafe);
        EXPECT_TRUE(Request::decode(set.next().encode()));
        return set.next().identity;
    };
    EXPECT_EQ(rule(dock), IdentityRule::Required);
    dock.edid_unreadable = true;
    EXPECT_EQ(rule(dock), IdentityRule::IfReadable);
    dock.edid.reset();
    EXPECT_EQ(rule(dock), IdentityRule::None);
}

TEST(FeatureRequest, TriesTheBusesInTurnAfterAPause) {
    auto get = FeatureRequest::get(display({Bus{5}, Bus{6}}), VcpCode::InputSource, kStart);
    get.on_reply(with_status(Status::TransferFailed, ENXIO), kStart);
    EXPECT_FALSE(get.finished());
    EXPECT_EQ(get.next().bus, Bus{6});
    EXPECT_EQ(get.due(), kStart + 50ms);
    get.on_reply(with_status(Status::TransferFailed, ENXIO), get.due());
    EXPECT_EQ(get.next().bus, Bus{5});
    get.on_reply(with_status(Status::Done), get.due());
    ASSERT_TRUE(get.finished());
    EXPECT_TRUE(get.result());
    EXPECT_EQ(get.bus(), Bus{5});
    EXPECT_FALSE(get.attempted());
}

TEST(FeatureRequest, EndsWithTheLastReason) {
    auto set = FeatureRequest::set(display({Bus{5}}), VcpCode::InputSource, 0x11, kStart);
    unsigned tries = 0;
    for (; !set.finished(); ++tries) {
        set.on_reply(with_status(Status::TransferFailed, ENXIO, true), set.due());
    }
    EXPECT_EQ(tries, 4U);
    EXPECT_EQ(set.result().error().code, ErrorCode::Unreachable);
    EXPECT_TRUE(set.attempted());
}

TEST(FeatureRequest, DoesNotTryABusAgainThatHung) {
    const auto hung = [](FeatureRequest request) {
        request.on_reply(fail(ErrorCode::Timeout, "i2c-5: hangs"), kStart);
        EXPECT_TRUE(request.finished());
        EXPECT_EQ(request.result().error().message, "i2c-5: hangs");
        return request.attempted();
    };
    const Display two = display({Bus{5}, Bus{6}});
    EXPECT_FALSE(hung(FeatureRequest::get(two, VcpCode::InputSource, kStart)));
    EXPECT_TRUE(hung(FeatureRequest::set(two, VcpCode::InputSource, 0x11, kStart)));
}

} // namespace
} // namespace spicykvm::ddc
