// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The ways home of a monitor.
#include "ddc/monitor_switch.h"
#include "unit/ddc/switch_rig.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Outcome = MonitorOutcome;

constexpr std::uint16_t kHost = 0x0f;
constexpr std::uint16_t kGuest = 0x11;

auto is(Outcome outcome, const std::string& reason = "") {
    return AllOf(Field(&MonitorResult::outcome, outcome),
                 Field(&MonitorResult::reason, HasSubstr(reason)));
}

class MonitorHomeTest : public testing::Test {
  protected:
    static MonitorSettings settings(const std::string& connector, WayHome way) {
        MonitorSettings monitor;
        monitor.name = "left";
        monitor.match.connector = connector;
        monitor.set = {{VcpCode::InputSource, SourceAddress::Host, kHost, kGuest}};
        monitor.home.way = way;
        monitor.home.hook.words = {"/usr/bin/home"};
        return monitor;
    }
    void configure(const MonitorSettings& monitor) { rig.monitors.configure({{"win", {monitor}}}); }
    void end_hook(const Result<void>& result) {
        rig.monitors.on_hook(rig.hooks.back(), result, rig.waiting.time);
        rig.run();
    }

    SwitchRig rig;
};

class SecondCableTest : public MonitorHomeTest {
  protected:
    SecondCableTest() {
        // One monitor with two cables, whose EDIDs differ; it listens only to what it shows.
        const test::Bytes second = test::edid_bytes({.product = 0x41b6});
        rig.tree.connector("card1-HDMI-A-7", second);
        rig.tree.aux("card1-HDMI-A-7", 7);
        cable.habits().edid = second;
        both.home.match = {.connector = "HDMI-A-7", .products = {0x41b6}};
        configure(both);
    }

    test::BadMonitor& picture = rig.add_monitor(5, {.deaf_while_away = true});
    test::BadMonitor& cable = rig.nodes.add(7);
    MonitorSettings both = settings("DP-5", WayHome::Cable);
};

TEST_F(SecondCableTest, ComesHomeOverTheSecondCableEachTime) {
    for (int i = 0; i < 2; ++i) {
        EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
        EXPECT_EQ(rig.results[0].connector, "card1-DP-5");
        EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
        EXPECT_EQ(rig.results[0].connector, "card1-HDMI-A-7");
        picture = test::BadMonitor({.deaf_while_away = true}); // it is the same monitor
    }
    EXPECT_THAT(cable.sets(), ElementsAre(kHost, kHost));
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
}

TEST_F(SecondCableTest, TheSecondCableIsChecked) {
    (void)rig.switch_to("win");
    cable.habits().edid = test::edid_bytes({.serial = "other"});
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Refused, "another monitor")));
    EXPECT_THAT(cable.received(), IsEmpty());
    EXPECT_THAT(rig.monitors.away(), SizeIs(1));
}

TEST_F(SecondCableTest, TheSecondCableMayBeABus) {
    both.home.match = {};
    both.home.bus = Bus{7};
    configure(both);
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(cable.sets(), ElementsAre(kHost));
}

TEST_F(SecondCableTest, FindsTheSecondCableWhereItWas) {
    (void)rig.switch_to("win");
    (void)rig.switch_to("");
    picture = test::BadMonitor();
    (void)rig.switch_to("win");
    test::SysfsTree::write(rig.tree.root() / "class/drm/card1-HDMI-A-7/edid", "");
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
}

TEST_F(SecondCableTest, TheNextTargetTakesItWithoutTheWayHome) {
    MonitorSettings other = settings("DP-5", WayHome::Ddc);
    other.set[0].guest = 0x12;
    rig.monitors.configure({{"win", {both}}, {"linux", {other}}});
    (void)rig.switch_to("win");
    picture.habits().deaf_while_away = false;
    EXPECT_THAT(rig.switch_to("linux"),
                ElementsAre(is(Outcome::Skipped, "the next target takes it"), is(Outcome::Sent)));
    EXPECT_THAT(cable.received(), IsEmpty());
    EXPECT_THAT(picture.sets(), ElementsAre(kGuest, 0x12));
}

TEST_F(MonitorHomeTest, ByHandSendsNothingAndSaysWhatToDo) {
    auto& monitor = rig.add_monitor(5);
    configure(settings("DP-5", WayHome::ByHand));
    for (int i = 0; i < 2; ++i) {
        EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
        EXPECT_THAT(rig.switch_to(""),
                    ElementsAre(is(Outcome::Skipped, "switch left by hand to displayport-1")));
        EXPECT_THAT(rig.monitors.away(), IsEmpty());
    }
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest));
}

TEST_F(MonitorHomeTest, ByHandKnowsNoNameOfAnotherFeature) {
    rig.add_monitor(5);
    MonitorSettings lg = settings("DP-5", WayHome::ByHand);
    lg.set = {{VcpCode::LgInputSource, SourceAddress::LgChannel, 0x90, 0xd0}};
    configure(lg);
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to(""),
                ElementsAre(is(Outcome::Skipped, "switch left by hand to the host's input")));
}

TEST_F(MonitorHomeTest, AHookBringsItHome) {
    auto& monitor = rig.add_monitor(5);
    configure(settings("DP-5", WayHome::Hook));
    for (unsigned i = 1; i <= 2; ++i) {
        EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
        EXPECT_THAT(rig.switch_to(""), IsEmpty()); // it runs
        ASSERT_THAT(rig.hooks, SizeIs(i));
        EXPECT_THAT(rig.hook_words, ElementsAre("/usr/bin/home"));
        EXPECT_EQ(rig.monitors.wake_at(), std::nullopt);
        end_hook({});
        EXPECT_THAT(rig.results, ElementsAre(is(Outcome::Ran)));
        EXPECT_THAT(rig.monitors.away(), IsEmpty());
    }
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest));
}

TEST_F(MonitorHomeTest, AHookThatFailsLeavesItAway) {
    rig.add_monitor(5);
    configure(settings("DP-5", WayHome::Hook));
    (void)rig.switch_to("win");
    rig.go("");
    rig.run();
    end_hook(fail(ErrorCode::Failed, "/usr/bin/home: it ended with status 3"));
    EXPECT_THAT(rig.results, ElementsAre(is(Outcome::Failed, "ended with status 3")));
    EXPECT_THAT(rig.monitors.away(), SizeIs(1));
}

TEST_F(MonitorHomeTest, AHookNeedsNoHelperAndNoMonitor) {
    configure(settings("DP-5", WayHome::Hook));
    rig.monitors.restore({{"win", "left"}}); // of a run that crashed
    rig.failure = Error{ErrorCode::NotFound, "no helper"};
    rig.go("");
    rig.run();
    end_hook({});
    EXPECT_THAT(rig.results, ElementsAre(is(Outcome::Ran)));
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
}

TEST_F(MonitorHomeTest, OtherMonitorsDoNotWaitForAHook) {
    rig.add_monitor(5);
    auto& other = rig.add_monitor(6);
    MonitorSettings right = settings("DP-6", WayHome::Ddc);
    right.name = "right";
    rig.monitors.configure({{"win", {settings("DP-5", WayHome::Hook), right}}});
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to(""), IsEmpty());
    EXPECT_THAT(other.sets(), ElementsAre(kGuest, kHost));
    end_hook({});
    EXPECT_THAT(rig.results, ElementsAre(is(Outcome::Ran), is(Outcome::Sent)));
}

TEST_F(MonitorHomeTest, OneMonitorAloneTravelsByAnyWay) {
    auto& monitor = rig.add_monitor(5);
    rig.add_monitor(6);
    MonitorSettings right = settings("DP-6", WayHome::Ddc);
    right.name = "right";
    rig.monitors.configure({{"win", {settings("DP-5", WayHome::ByHand), right}}});
    const auto travel = [&](const Trip& trip) {
        rig.results.clear();
        rig.monitors.go(trip, rig.waiting.time,
                        [&](std::vector<MonitorResult> given) { rig.results = std::move(given); });
        rig.run();
        return rig.results;
    };
    EXPECT_THAT(travel({"win", "left", {}}), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(travel({"win", "left", {}}), ElementsAre(is(Outcome::Sent))); // once more
    EXPECT_THAT(rig.monitors.away(), ElementsAre(AwayMonitor{"win", "left"}));
    EXPECT_THAT(travel({"win", "left", WayHome::Ddc, true}), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest, kHost));
    EXPECT_THAT(rig.monitors.away(), SizeIs(1)); // nobody has seen it at home
    rig.monitors.came_home({"win", "left"});
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
    (void)travel({"win", "left", {}});
    EXPECT_THAT(travel({"win", "left", WayHome::Ddc}), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
    EXPECT_THAT(travel({"win", "gone", {}}), IsEmpty());
    EXPECT_THAT(travel({"mac", "left", {}}), IsEmpty());
    EXPECT_TRUE(rig.monitors.idle());
}

TEST_F(MonitorHomeTest, WhatSomebodyElseMayHaveWrittenIsSentAgain) {
    auto& monitor = rig.add_monitor(5);
    configure(settings("DP-5", WayHome::Ddc));
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Skipped, "it was sent before")));
    rig.monitors.forget_values();
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest));
}

TEST_F(MonitorHomeTest, ABusThatSomebodyElseHasUsedGetsItsRest) {
    auto& monitor = rig.add_monitor(5);
    configure(settings("DP-5", WayHome::Ddc));
    (void)rig.switch_to("win");
    rig.run(rig.waiting.time + 5s);
    Request other;
    other.operation = Operation::Get;
    other.bus = Bus{5};
    rig.timing.used(other, 10, rig.waiting.time);
    EXPECT_EQ(rig.switch_to("")[0].duration, 500ms);
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kHost));
}

TEST_F(MonitorHomeTest, ASwitchTakesOverFromATrip) {
    auto& monitor = rig.add_monitor(5);
    configure(settings("DP-5", WayHome::Ddc));
    bool ended = false;
    rig.monitors.go(Trip{"win", "left", {}}, rig.waiting.time,
                    [&](const std::vector<MonitorResult>&) { ended = true; });
    rig.run_to_set();
    EXPECT_FALSE(rig.monitors.idle());
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
    EXPECT_TRUE(ended);
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kHost));
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
}

TEST_F(MonitorHomeTest, ANewerSwitchStopsAHook) {
    auto& monitor = rig.add_monitor(5);
    configure(settings("DP-5", WayHome::Hook));
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to(""), IsEmpty());
    const std::uint64_t old = rig.hooks.back();
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(rig.hooks_stopped, 1u);
    rig.monitors.on_hook(old, {}, rig.waiting.time); // it is late
    EXPECT_THAT(rig.monitors.away(), SizeIs(1));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest));
    (void)rig.switch_to("");
    rig.monitors.cancel();
    EXPECT_EQ(rig.hooks_stopped, 2u);
    end_hook({});
    EXPECT_THAT(rig.monitors.away(), SizeIs(1));
}

} // namespace
} // namespace spicykvm::ddc
