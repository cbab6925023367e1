// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// base/bus.h: what it says when the bus does not do what is wanted.
#include "diagnosis/bus_policy.h"
#include "fixture.h"

#include <chrono>
#include <cstdlib>
#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using testing::HasSubstr;

TEST(BusWithoutBus, SaysThatNoBusIsThere) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket", 1);
    EventLoop loop;
    const auto bus = Bus::open(loop, BusKind::System);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    ASSERT_FALSE(bus);
    EXPECT_EQ(bus.error().code, ErrorCode::Unreachable);
    EXPECT_THAT(bus.error().message, HasSubstr("connect to the system bus"));
}

TEST(BusName, ThatAnotherProcessHasIsSaid) {
    const PrivateBus bus;
    ServiceHost first({.run_as = {}});
    ASSERT_TRUE(first.published());
    ServiceHost second({.run_as = {}});
    ASSERT_FALSE(second.published());
    EXPECT_EQ(second.published().error().code, ErrorCode::Busy);
    EXPECT_THAT(second.published().error().message, HasSubstr("another process has it"));
}

TEST(BusName, ThatThePolicyDeniesNamesTheRemedy) {
    PrivateBusSettings settings;
    settings.may_own_nothing = true;
    const PrivateBus bus(settings);
    ServiceHost host({.run_as = {}});
    ASSERT_FALSE(host.published());
    EXPECT_EQ(host.published().error().code, ErrorCode::AccessDenied);
    // Which of the reasons it is depends on what is installed on this machine; each has its test.
    EXPECT_EQ(
        host.published().error().message,
        diagnosis::name_refusal(dbus::kBusName, diagnosis::look_at_bus_policy(dbus::kBusName)));
}

TEST(BusName, OnTheSystemBusIsForTheDaemonsUserAlone) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root: the daemon is of another user";
    }
    const PrivateBus bus; // lets root own any name, others what the project's policy says
    ServiceHost host({.run_as = kNobody});
    ASSERT_FALSE(host.published());
    EXPECT_EQ(host.published().error().code, ErrorCode::AccessDenied);
}

TEST(BusConnection, ThatIsLostIsNoticed) {
    PrivateBus bus;
    ServiceHost host({.run_as = {}});
    auto lost = host.disconnected();
    bus.stop();
    EXPECT_EQ(lost.wait_for(std::chrono::seconds(10)), std::future_status::ready);
    // The switch goes on, and telling nobody about it does no harm.
    host.run([](FakeControlPort& port) {
        port.set_state(core::SwitchState::Active, "win11", {});
        port.snapshot.targets.clear();
        port.observer->on_targets_replaced();
    });
}

} // namespace
} // namespace spicykvm::test
