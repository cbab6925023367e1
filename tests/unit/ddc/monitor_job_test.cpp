// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_job.h"
#include "support/edid_bytes.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr TimePoint kStart{1h};

MonitorSettings settings() {
    MonitorSettings monitor;
    monitor.name = "left";
    monitor.match.connector = "DP-1";
    monitor.set = {{VcpCode::InputSource, SourceAddress::Host, 0x0f, 0x11},
                   {VcpCode::LgInputSource, SourceAddress::LgChannel, 0xd0, 0x90}};
    return monitor;
}

Display display() {
    return {"card1-DP-1", {Bus{5}, Bus{6}}, Edid::parse(test::edid_bytes())};
}

Reply reply(Status status, int error_number = 0, bool attempted = false) {
    Reply result;
    result.status = status;
    result.error_number = error_number;
    result.attempted = attempted;
    return result;
}

MonitorJob job(Side side, MonitorSettings monitor = settings()) {
    MonitorJob result("win", std::move(monitor), side, kStart);
    result.found(display());
    return result;
}

TEST(MonitorJob, AsksForTheMonitorsIdentity) {
    auto home = job(Side::Host);
    Request request = home.next_request(kStart);
    EXPECT_EQ(request.operation, Operation::Set);
    EXPECT_EQ(request.identity, IdentityRule::Required);
    EXPECT_EQ(request.edid, display().edid->block);
    EXPECT_EQ(request.bus, Bus{5});
    EXPECT_EQ(request.value, 0x0f);
    home.on_reply(reply(Status::Done, 0, true), kStart);
    request = home.next_request(kStart);
    EXPECT_EQ(request.vcp, VcpCode::LgInputSource);
    EXPECT_EQ(request.source, SourceAddress::LgChannel);
    EXPECT_EQ(request.value, 0xd0);
}

TEST(MonitorJob, OfAnMstPortTakesAnUnreadableEdid) {
    MonitorJob mst("win", settings(), Side::Host, kStart);
    Display port = display();
    port.edid_unreadable = true;
    mst.found(port);
    EXPECT_EQ(mst.next_request(kStart).identity, IdentityRule::IfReadable);
}

TEST(MonitorJob, WaitsForTheGuestsScreen) {
    EXPECT_EQ(job(Side::Guest).due({}), kStart + 500ms);
    EXPECT_EQ(job(Side::Host).due({}), kStart);
}

TEST(MonitorJob, TakesTheOtherBusAfterAFailure) {
    auto home = job(Side::Host);
    EXPECT_EQ(home.next_request(kStart).bus, Bus{5});
    home.on_reply(reply(Status::TransferFailed, ENXIO, true), kStart);
    EXPECT_EQ(home.due({}), kStart + 50ms);
    EXPECT_EQ(home.next_request(kStart).bus, Bus{6});
    home.on_reply(reply(Status::EdidUnreadable), kStart);
    EXPECT_EQ(home.next_request(kStart).bus, Bus{5});
}

TEST(MonitorJob, IsRefusedOnlyIfNothingWasWritten) {
    auto refused = job(Side::Host);
    (void)refused.next_request(kStart);
    refused.on_reply(reply(Status::EdidDiffers), kStart);
    EXPECT_EQ(refused.result().outcome, MonitorOutcome::Refused);
    auto failed = job(Side::Host);
    (void)failed.next_request(kStart);
    failed.on_reply(reply(Status::TransferFailed, EIO, true), kStart);
    (void)failed.next_request(kStart);
    failed.on_reply(reply(Status::EdidDiffers), kStart);
    EXPECT_EQ(failed.result().outcome, MonitorOutcome::Failed);
    EXPECT_TRUE(failed.attempted());
}

TEST(MonitorJob, SaysThatItWentWithoutTheLock) {
    auto home = job(Side::Host);
    Reply unlocked = reply(Status::Done, 0, true);
    unlocked.unlocked = true;
    for (int i = 0; i < 2; ++i) {
        (void)home.next_request(kStart);
        home.on_reply(unlocked, kStart);
    }
    EXPECT_EQ(home.result().outcome, MonitorOutcome::Sent);
    EXPECT_THAT(home.result().reason, HasSubstr("without the lock"));
}

TEST(MonitorJob, LeavesOutWhatAnotherSets) {
    auto partly = job(Side::Host);
    MonitorSettings other;
    other.set = {settings().set[0]};
    EXPECT_FALSE(partly.leave_out(other, kStart));
    EXPECT_EQ(partly.next_request(kStart).vcp, VcpCode::LgInputSource);
    auto whole = job(Side::Host);
    EXPECT_TRUE(whole.leave_out(settings(), kStart));
    EXPECT_EQ(whole.result().outcome, MonitorOutcome::Skipped);
}

TEST(MonitorJob, WithoutBusOrSetsEnds) {
    MonitorJob no_bus("win", settings(), Side::Host, kStart);
    no_bus.found({"card1-DP-1", {}, {}});
    EXPECT_EQ(no_bus.result().outcome, MonitorOutcome::Failed);
    EXPECT_THAT(no_bus.result().reason, HasSubstr("no I2C bus is known for card1-DP-1"));
    MonitorJob no_sets("win", {}, Side::Host, kStart);
    no_sets.found(display());
    EXPECT_EQ(no_sets.result().outcome, MonitorOutcome::Skipped);
}

} // namespace
} // namespace spicykvm::ddc
