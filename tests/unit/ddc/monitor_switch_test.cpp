// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_switch.h"
#include "unit/ddc/switch_rig.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using test::edid_bytes;
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

MonitorSettings settings(const std::string& connector) {
    MonitorSettings monitor;
    monitor.name = connector;
    monitor.match.connector = connector;
    monitor.set = {{VcpCode::InputSource, SourceAddress::Host, kHost, kGuest}};
    return monitor;
}

class MonitorSwitchTest : public testing::Test {
  protected:
    /// One target, "win", with these monitors.
    void configure(std::vector<MonitorSettings> monitors) {
        rig.monitors.configure({{"win", std::move(monitors)}});
    }

    SwitchRig rig;
};

TEST_F(MonitorSwitchTest, GoesThereAndBack) {
    auto& monitor = rig.add_monitor(5);
    configure({settings("DP-5")});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(rig.results[0].connector, "card1-DP-5");
    EXPECT_EQ(rig.results[0].target, "win");
    EXPECT_EQ(rig.results[0].tries, 1u);
    EXPECT_GE(rig.results[0].duration, 500ms); // the guest's screen wakes up first
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kHost));
    EXPECT_EQ(monitor.garbage(), 0u);
}

TEST_F(MonitorSwitchTest, ComesHomeWithoutWaitingForAScreen) {
    rig.add_monitor(5);
    configure({settings("DP-5")});
    (void)rig.switch_to("win");
    rig.run(rig.waiting.time + 5s);
    EXPECT_LT(rig.switch_to("")[0].duration, 50ms);
}

TEST_F(MonitorSwitchTest, AFailingMonitorDoesNotStopTheOthers) {
    auto& first = rig.add_monitor(5, {.nacks = 100});
    auto& second = rig.add_monitor(6);
    configure({settings("DP-5"), settings("DP-6"), settings("DP-7")});
    EXPECT_THAT(rig.switch_to("win"),
                ElementsAre(is(Outcome::Failed, "i2c-5: the monitor does not answer"),
                            is(Outcome::Sent), is(Outcome::Refused, "no such monitor")));
    EXPECT_EQ(rig.results[0].tries, 4u);
    EXPECT_THAT(first.sets(), IsEmpty());
    EXPECT_THAT(second.sets(), ElementsAre(kGuest));
}

TEST_F(MonitorSwitchTest, TriesAgain) {
    auto& monitor = rig.add_monitor(5, {.nacks = 2, .nack_error = EREMOTEIO});
    configure({settings("DP-5")});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(rig.results[0].tries, 3u);
    EXPECT_EQ(rig.results[0].duration, 500ms + 2 * 150ms);
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest));
}

TEST_F(MonitorSwitchTest, RepeatsForMonitorsThatLoseTheFirst) {
    auto& monitor = rig.add_monitor(5, {.loses_sets = 1});
    auto twice = settings("DP-5");
    twice.repeat = 2;
    twice.repeat_delay = 300ms;
    configure({twice});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(rig.results[0].duration, 800ms);
    EXPECT_EQ(monitor.input(rig.waiting.time), kGuest);
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest));
}

TEST_F(MonitorSwitchTest, RepeatsAfterAMonitorBouncedBack) {
    auto& monitor = rig.add_monitor(5, {.bounces_back = 400ms});
    auto twice = settings("DP-5");
    twice.repeat = 2;
    twice.repeat_delay = 600ms;
    configure({twice});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(monitor.input(rig.waiting.time), kGuest);
}

TEST_F(MonitorSwitchTest, ADeafMonitorAfterTheSwitchIsNoFailure) {
    rig.add_monitor(5, {.deaf_after_switch = 8s});
    auto often = settings("DP-5");
    often.repeat = 3;
    often.save_after = true;
    configure({often});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent, "not saved")));
    EXPECT_EQ(rig.results[0].sets, 1u);
}

TEST_F(MonitorSwitchTest, SavesAfterwards) {
    auto& monitor = rig.add_monitor(5);
    auto saved = settings("DP-5");
    saved.save_after = true;
    configure({saved});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent, "")));
    ASSERT_THAT(monitor.received(), SizeIs(2));
    EXPECT_EQ(monitor.received()[1], (test::Bytes{0x51, 0x81, 0x0c, 0xb2}));
    EXPECT_EQ(rig.results[0].duration, 550ms); // the bus had its rest
}

TEST_F(MonitorSwitchTest, ASlowMonitorHasTime) {
    rig.add_monitor(5, {.nacks = 1});
    auto slow = settings("DP-5");
    slow.sleep_multiplier = 10;
    configure({slow});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(rig.results[0].duration, 1000ms);
}

TEST_F(MonitorSwitchTest, SetsEachFeatureInItsOrder) {
    auto& monitor = rig.add_monitor(5);
    auto dell = settings("DP-5");
    dell.set.push_back({VcpCode::DellUsbUpstream, SourceAddress::Host, 0xff00, 0xff01});
    configure({dell});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    ASSERT_THAT(monitor.received(), SizeIs(2));
    EXPECT_EQ(monitor.received()[0][3], 0x60);
    EXPECT_EQ(monitor.received()[1][3], 0xe7);
    EXPECT_EQ(rig.results[0].sets, 2u);
}

TEST_F(MonitorSwitchTest, AMonitorThatListensOnlyWhenShownCannotComeBackAndStaysAway) {
    auto& monitor = rig.add_monitor(5, {.deaf_while_away = true});
    configure({settings("DP-5")});
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Failed, "showing another input")));
    EXPECT_THAT(rig.monitors.away(), ElementsAre(AwayMonitor{"win", "DP-5"}));
    monitor.habits().deaf_while_away = false; // somebody pressed its button
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
}

TEST_F(MonitorSwitchTest, FindsAMonitorThatLooksUnpluggedWhereItWas) {
    auto& monitor = rig.add_monitor(5);
    MonitorSettings by_name = settings("left");
    by_name.match = {.name = "DELL U2720Q"};
    configure({by_name});
    (void)rig.switch_to("win");
    test::SysfsTree::write(rig.tree.root() / "class/drm/card1-DP-5/edid", "");
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kHost));
}

TEST_F(MonitorSwitchTest, WritesNothingToAMonitorThatWasSwapped) {
    auto& monitor = rig.add_monitor(5);
    monitor.habits().edid = edid_bytes({.serial = "other"}); // the kernel has not noticed
    configure({settings("DP-5")});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Refused, "another monitor")));
    EXPECT_THAT(monitor.received(), IsEmpty());
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
}

TEST_F(MonitorSwitchTest, RefusesAmbiguity) {
    auto& one = rig.add_monitor(5);
    auto& other = rig.add_monitor(6);
    MonitorSettings by_name = settings("left");
    by_name.match = {.name = "DELL U2720Q"};
    configure({by_name});
    EXPECT_THAT(rig.switch_to("win"),
                ElementsAre(is(Outcome::Refused, "more than one monitor matches: card1-DP-5")));
    EXPECT_THAT(one.received(), IsEmpty());
    EXPECT_THAT(other.received(), IsEmpty());
}

TEST_F(MonitorSwitchTest, TakesTheAdapterThatAnswers) {
    rig.add_monitor(5);
    rig.tree.aux("card1-DP-5", 4);
    auto& mute = rig.nodes.add(4, {.nacks = 100}); // a dock's double
    configure({settings("DP-5")});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_EQ(rig.results[0].tries, 2u);
    EXPECT_THAT(mute.received(), IsEmpty());
}

TEST_F(MonitorSwitchTest, ABusMayBeNamedInstead) {
    auto& monitor = rig.nodes.add(9, {.edid = {}});
    auto by_bus = settings("bus");
    by_bus.match = {};
    by_bus.bus = Bus{9};
    configure({by_bus});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest));
}

TEST_F(MonitorSwitchTest, ABusOfAPanelIsRefused) {
    rig.tree.connector("card1-eDP-1", edid_bytes());
    rig.tree.aux("card1-eDP-1", 9);
    auto& panel = rig.nodes.add(9);
    auto by_bus = settings("bus");
    by_bus.match = {};
    by_bus.bus = Bus{9};
    configure({by_bus});
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Refused, "internal panel")));
    EXPECT_THAT(panel.received(), IsEmpty());
}

TEST_F(MonitorSwitchTest, ANumberThatIsNotAllowedNeverLeaves) {
    rig.add_monitor(5);
    auto brightness = settings("DP-5");
    brightness.set[0].vcp = VcpCode::Luminance;
    configure({brightness});
    rig.go("win");
    rig.run_to_set();
    ASSERT_TRUE(rig.pending);
    EXPECT_FALSE(Request::decode(rig.pending->encode()));
}

TEST_F(MonitorSwitchTest, WritesWhatIsAwayBeforeTheFirstSet) {
    rig.add_monitor(5);
    configure({settings("DP-5")});
    rig.go("win");
    rig.run(rig.waiting.time + 400ms);
    EXPECT_THAT(rig.saved, IsEmpty());
    rig.run_to_set();
    EXPECT_THAT(rig.saved, ElementsAre(AwayList{{"win", "DP-5"}}));
    rig.run();
    (void)rig.switch_to("");
    EXPECT_THAT(rig.saved, ElementsAre(AwayList{{"win", "DP-5"}}, AwayList{}));
}

TEST_F(MonitorSwitchTest, BringsHomeWhatACrashLeftAway) {
    auto& monitor = rig.add_monitor(5, {.host_input = kHost});
    configure({settings("DP-5")});
    rig.monitors.restore({{"win", "DP-5"}, {"old", "gone"}});
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent), is(Outcome::Failed, "buttons")));
    EXPECT_THAT(monitor.sets(), ElementsAre(kHost));
    EXPECT_THAT(rig.monitors.away(), IsEmpty()); // and nobody is told again
}

TEST_F(MonitorSwitchTest, ReversalCancelsRetries) {
    auto& monitor = rig.add_monitor(5, {.nacks = 2});
    configure({settings("DP-5")});
    rig.go("win");
    rig.run(rig.waiting.time + 510ms); // the first try failed, the second is to come
    ASSERT_EQ(rig.sent.back().value, kGuest);
    rig.monitors.cancel();
    EXPECT_EQ(rig.monitors.wake_at(), std::nullopt);
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kHost)); // nothing of the guest after it
}

TEST_F(MonitorSwitchTest, ReversalBeforeTheFirstSetSendsNothing) {
    auto& monitor = rig.add_monitor(5);
    configure({settings("DP-5")});
    rig.go("win");
    rig.run(rig.waiting.time + 100ms);
    rig.monitors.cancel();
    EXPECT_THAT(rig.switch_to(""), IsEmpty());
    EXPECT_THAT(monitor.received(), IsEmpty());
    EXPECT_THAT(rig.saved, IsEmpty());
}

TEST_F(MonitorSwitchTest, ARequestUnderWayIsWaitedFor) {
    auto& monitor = rig.add_monitor(5);
    configure({settings("DP-5")});
    rig.go("win");
    rig.run_to_set();
    rig.monitors.cancel();
    rig.go("");
    EXPECT_EQ(rig.monitors.wake_at(), std::nullopt);
    rig.run();
    EXPECT_THAT(rig.results, ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kHost));
}

TEST_F(MonitorSwitchTest, BurstsCollapseToTheLast) {
    auto& monitor = rig.add_monitor(5);
    auto quick = settings("DP-5");
    quick.wake_delay = 0ms;
    configure({quick});
    (void)rig.switch_to("win");
    const TimePoint first = rig.waiting.time;
    for (int i = 0; i < 20; ++i) {
        rig.go(i % 2 == 0 ? "" : "win");
        rig.run(rig.waiting.time + 20ms);
    }
    rig.go("");
    rig.run();
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kHost));
    EXPECT_GE(rig.waiting.time - first, MonitorSwitch::kMinInterval);
}

TEST_F(MonitorSwitchTest, ANewerSwitchTellsTheOlderOne) {
    rig.add_monitor(5);
    configure({settings("DP-5")});
    std::vector<MonitorResult> older;
    rig.monitors.go("win", rig.waiting.time,
                    [&](std::vector<MonitorResult> given) { older = std::move(given); });
    rig.go("");
    EXPECT_THAT(older, ElementsAre(is(Outcome::Skipped, "a newer switch came")));
}

TEST_F(MonitorSwitchTest, WhatWasSentIsNotSentAgain) {
    auto& monitor = rig.add_monitor(5);
    configure({settings("DP-5")});
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Skipped, "sent before")));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest));
    EXPECT_THAT(rig.monitors.away(), SizeIs(1));
}

TEST_F(MonitorSwitchTest, AfterAFailedSetNothingIsKnownToHaveBeenSent) {
    auto& monitor = rig.add_monitor(5);
    configure({settings("DP-5")});
    (void)rig.switch_to("win");
    monitor.habits().nacks = 4;
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Failed)));
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Sent)));
    EXPECT_THAT(monitor.sets(), ElementsAre(kGuest, kGuest));
}

TEST_F(MonitorSwitchTest, TheNextTargetTakesASharedMonitorAndTheOthersGoHome) {
    auto& shared = rig.add_monitor(5);
    auto& own = rig.add_monitor(6);
    auto for_linux = settings("DP-5");
    for_linux.set[0].guest = 0x12;
    rig.monitors.configure({{"win", {settings("DP-5"), settings("DP-6")}}, {"linux", {for_linux}}});
    (void)rig.switch_to("win");
    EXPECT_THAT(rig.switch_to("linux"), ElementsAre(is(Outcome::Skipped, "the next target"),
                                                    is(Outcome::Sent), is(Outcome::Sent)));
    EXPECT_THAT(shared.sets(), ElementsAre(kGuest, 0x12));
    EXPECT_THAT(own.sets(), ElementsAre(kGuest, kHost));
    EXPECT_THAT(rig.monitors.away(), ElementsAre(AwayMonitor{"linux", "DP-5"}));
    (void)rig.switch_to("");
    EXPECT_THAT(shared.sets(), ElementsAre(kGuest, 0x12, kHost));
}

TEST_F(MonitorSwitchTest, ASharedMonitorWithTheSameInputStaysAway) {
    auto& shared = rig.add_monitor(5);
    rig.monitors.configure({{"win", {settings("DP-5")}}, {"linux", {settings("DP-5")}}});
    (void)rig.switch_to("win");
    (void)rig.switch_to("linux");
    EXPECT_THAT(rig.monitors.away(), ElementsAre(AwayMonitor{"linux", "DP-5"}));
    (void)rig.switch_to("");
    EXPECT_THAT(shared.sets(), ElementsAre(kGuest, kHost));
}

TEST_F(MonitorSwitchTest, AHelperThatHangsIsAFailureOfOneMonitor) {
    rig.add_monitor(5);
    configure({settings("DP-5")});
    rig.go("win");
    rig.run_to_set();
    rig.failure = Error{ErrorCode::Timeout, "i2c-5: no answer"};
    rig.run();
    EXPECT_THAT(rig.results, ElementsAre(is(Outcome::Failed, "i2c-5: no answer")));
    EXPECT_EQ(rig.results[0].tries, 1u);
    EXPECT_THAT(rig.monitors.away(), SizeIs(1)); // it may have been written
    rig.failure.reset();
    EXPECT_THAT(rig.switch_to(""), ElementsAre(is(Outcome::Sent)));
}

TEST_F(MonitorSwitchTest, AHelperThatNeverListsFailsThemAll) {
    rig.add_monitor(5);
    configure({settings("DP-5")});
    rig.failure = Error{ErrorCode::Disconnected, "it ended"};
    EXPECT_THAT(rig.switch_to("win"), ElementsAre(is(Outcome::Failed, "it ended")));
    EXPECT_THAT(rig.sent, SizeIs(2)); // once more, with a new one
    EXPECT_THAT(rig.monitors.away(), IsEmpty());
}

TEST_F(MonitorSwitchTest, WithoutMonitorsThereIsNothingToDo) {
    rig.monitors.configure({});
    const TimePoint before = rig.waiting.time;
    bool done = false;
    rig.monitors.go("win", before,
                    [&](const std::vector<MonitorResult>& results) { done = results.empty(); });
    EXPECT_FALSE(done); // not from inside
    rig.run();
    EXPECT_TRUE(done);
    EXPECT_EQ(rig.waiting.time, before);
    EXPECT_THAT(rig.sent, IsEmpty());
}

TEST_F(MonitorSwitchTest, ASecondSwitchWaitsASecond) {
    rig.add_monitor(5);
    auto quick = settings("DP-5");
    quick.wake_delay = 0ms;
    configure({quick});
    const TimePoint before = rig.waiting.time;
    (void)rig.switch_to("win");
    (void)rig.switch_to("");
    EXPECT_EQ(rig.waiting.time - before, MonitorSwitch::kMinInterval);
}

} // namespace
} // namespace spicykvm::ddc
