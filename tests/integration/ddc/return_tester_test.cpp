// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Tests of ways home, down to what a monitor is sent by a real helper.
#include "ddc/return_tester.h"
#include "integration/ddc/ddc_rig.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using namespace std::chrono_literals;
using core::ReturnTrial;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Verdict = ReturnTrial::Verdict;
using Trials = std::vector<ReturnTrial>;

class ReturnTesterTest : public testing::Test {
  protected:
    ReturnTesterTest() {
        monitor.name = "left";
        monitor.match.connector = "DP-5";
        monitor.set = {{ddc::VcpCode::InputSource, ddc::SourceAddress::Host, 0x0f, 0x11}};
        monitor.wake_delay = 0ms;
    }
    void start() {
        step.configure({{"win", {monitor}}});
        tester.start("win", monitor, 10ms, [this](Result<Trials> given) {
            result = std::move(given);
            ++answers;
        });
    }
    bool until(const std::function<bool()>& condition) { return run_until(loop, condition, 60s); }
    Result<Trials> run() {
        start();
        EXPECT_TRUE(until([this] { return answers > 0; }));
        EXPECT_EQ(answers, 1u);
        return result;
    }
    bool until_sent() {
        return until([this] { return std::filesystem::exists(away) && count("00 11") == 1; });
    }
    /// How many sets of this value have arrived.
    [[nodiscard]] long count(const std::string& value) const {
        const auto lines = rig.received();
        return std::ranges::count_if(lines, [&](const std::string& line) {
            return line.find("51 84 03 60 " + value) != std::string::npos;
        });
    }
    bool until_home() {
        bool home = false;
        tester.when_home([&] { home = true; });
        return until([&] { return home; });
    }

    DdcRig rig;
    std::string away = rig.folder.path() / "monitors";
    ddc::MonitorSettings monitor;
    EventLoop loop;
    ddc::HelperClient client{loop, rig.command(SCRIPTED_DDC)};
    ddc::MonitorStep step{loop, client, away};
    ddc::Displays displays{loop, client};
    ddc::ReturnTester tester{loop, step, displays};
    Result<Trials> result;
    unsigned answers = 0;
};

TEST_F(ReturnTesterTest, FindsThatAGoodMonitorComesHome) {
    rig.add_monitor(5, "unit=a");
    const auto trials = run();
    ASSERT_TRUE(trials) << trials.error().message;
    EXPECT_EQ(*trials, (Trials{{"ddc", Verdict::Works, "the monitor says displayport-1 again"}}));
    EXPECT_FALSE(std::filesystem::exists(away));
    EXPECT_EQ(count("00 11"), 1);
    EXPECT_EQ(count("00 0f"), 1);
}

TEST_F(ReturnTesterTest, FindsThatOnlyTheSecondCableBringsItHome) {
    rig.add_monitor(5, "unit=a deaf_away");
    rig.add_monitor(6, "unit=a");
    monitor.home = {.way = ddc::WayHome::Cable, .match = {.connector = "DP-6"}};
    const auto trials = run();
    ASSERT_TRUE(trials) << trials.error().message;
    ASSERT_THAT(*trials, SizeIs(2));
    EXPECT_EQ((*trials)[0].verdict, Verdict::Fails) << (*trials)[0].note;
    EXPECT_EQ((*trials)[1],
              (ReturnTrial{"cable", Verdict::Works, "the monitor says displayport-1 again"}));
    EXPECT_FALSE(std::filesystem::exists(away));
    const auto last = rig.received().back();
    EXPECT_THAT(last, testing::StartsWith("5: 51 82 01 60")); // the reading
    EXPECT_EQ(count("00 11"), 1);
}

TEST_F(ReturnTesterTest, FindsThatAHookBringsItHome) {
    rig.add_monitor(5, "unit=a deaf_away");
    monitor.home.way = ddc::WayHome::Hook;
    monitor.home.hook.words = {"/bin/sh", "-c", "echo 15 >" + (rig.dev() / "unit=a").string()};
    const auto trials = run();
    ASSERT_TRUE(trials) << trials.error().message;
    ASSERT_THAT(*trials, SizeIs(2));
    EXPECT_EQ((*trials)[1].verdict, Verdict::Works) << (*trials)[1].note;
    EXPECT_FALSE(std::filesystem::exists(away));
}

TEST_F(ReturnTesterTest, StoppedItComesHomeAtOnce) {
    rig.add_monitor(5, "unit=a");
    start();
    ASSERT_TRUE(until_sent());
    tester.stop({ErrorCode::Cancelled, "stopped"});
    EXPECT_EQ(result.error().message, "stopped");
    ddc::ReturnTester::Done busy = [](const Result<Trials>& given) {
        EXPECT_EQ(given.error().code, ErrorCode::Busy);
    };
    tester.start("win", monitor, 10ms, busy); // on its way home
    EXPECT_TRUE(until_home());
    EXPECT_EQ(count("00 0f"), 1);
    EXPECT_FALSE(std::filesystem::exists(away));
    EXPECT_EQ(answers, 1u);
}

TEST_F(ReturnTesterTest, ACrashLeavesItToTheNextStart) {
    rig.add_monitor(5, "unit=a");
    start();
    ASSERT_TRUE(until_sent());
    EXPECT_EQ(ddc::AwayFile(away).load(), (ddc::AwayList{{"win", "left"}}));
    ddc::MonitorStep next(loop, client, away);
    next.configure({{"win", {monitor}}});
    EXPECT_TRUE(next.repair());
    EXPECT_TRUE(until([this] { return count("00 0f") == 1; }));
}

TEST_F(ReturnTesterTest, ASwitchTakesTheMonitorOver) {
    rig.add_monitor(5, "unit=a");
    start();
    ASSERT_TRUE(until_sent());
    tester.yield({ErrorCode::Cancelled, "a switch began"});
    EXPECT_EQ(result.error().message, "a switch began");
    std::optional<std::vector<core::StepResult>> steps;
    step.run(std::nullopt, [&](std::vector<core::StepResult> given) { steps = std::move(given); });
    EXPECT_TRUE(until([&] { return steps.has_value(); }));
    EXPECT_THAT(*steps, SizeIs(1));
    EXPECT_EQ(count("00 0f"), 1);
    EXPECT_FALSE(std::filesystem::exists(away));
    EXPECT_TRUE(until_home());
}

TEST_F(ReturnTesterTest, OneThatNeverLeftNeedsNotComeHome) {
    start(); // no such monitor
    tester.stop({ErrorCode::Cancelled, "stopped"});
    EXPECT_TRUE(until_home());
    EXPECT_THAT(rig.received(), testing::IsEmpty());
}

TEST_F(ReturnTesterTest, SaysWhyAMonitorCouldNotBeSentThere) {
    const auto trials = run();
    ASSERT_TRUE(trials);
    EXPECT_THAT((*trials)[0].note, HasSubstr("no such monitor is connected"));
}

TEST_F(ReturnTesterTest, MayGoWhileATestRuns) {
    rig.add_monitor(5, "unit=a");
    step.configure({{"win", {monitor}}});
    {
        ddc::ReturnTester gone(loop, step, displays);
        gone.start("win", monitor, 10ms, [](const Result<Trials>&) { FAIL(); });
        ASSERT_TRUE(until_sent());
    }
    EXPECT_TRUE(until([this] { return step.idle(); }));
}

} // namespace
} // namespace spicykvm::test
