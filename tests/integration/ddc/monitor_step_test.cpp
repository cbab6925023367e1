// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The monitors as a step of the switch, down to what they are sent.
#include "ddc/monitor_step.h"
#include "integration/ddc/ddc_rig.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using namespace std::chrono_literals;
using core::StepOutcome;
using core::StepResult;
using core::TargetId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kGuestSet = "5: 51 84 03 60 00 11 c9";
const std::string kHostSet = "5: 51 84 03 60 00 0f d7";

ddc::MonitorSettings monitor(const std::string& name, const std::string& connector) {
    ddc::MonitorSettings settings;
    settings.name = name;
    settings.match.connector = connector;
    settings.set = {{ddc::VcpCode::InputSource, ddc::SourceAddress::Host, 0x0f, 0x11}};
    settings.wake_delay = 0ms;
    return settings;
}

class MonitorStepTest : public testing::Test {
  protected:
    void SetUp() override {
        step.configure({{"win", {monitor("left", "DP-5"), monitor("right", "DP-6")}}});
    }
    std::vector<StepResult> run(std::optional<TargetId> side) {
        std::optional<std::vector<StepResult>> results;
        step.run(side, [&](std::vector<StepResult> given) { results = std::move(given); });
        EXPECT_FALSE(results); // not from inside
        EXPECT_TRUE(run_until(
            loop, [&] { return results.has_value(); }, 30s));
        return results.value_or(std::vector<StepResult>());
    }

    DdcRig rig;
    std::string away = rig.folder.path() / "monitors";
    EventLoop loop;
    ddc::HelperClient client{loop, rig.command(SCRIPTED_DDC)};
    ddc::MonitorStep step{loop, client, away};
};

TEST_F(MonitorStepTest, SwitchesThereAndBack) {
    rig.add_monitor(5);
    rig.add_monitor(6, "no_rdwr");
    EXPECT_THAT(run(TargetId{0}),
                ElementsAre(StepResult{"monitor:left", StepOutcome::Ok, "switch command sent"},
                            StepResult{"monitor:right", StepOutcome::Ok, "switch command sent"}));
    EXPECT_THAT(rig.received(), ElementsAre(kGuestSet, "6: 51 84 03 60 00 11 c9"));
    EXPECT_EQ(ddc::AwayFile(away).load(), (ddc::AwayList{{"win", "left"}, {"win", "right"}}));
    EXPECT_THAT(run(std::nullopt), testing::SizeIs(2));
    EXPECT_THAT(rig.received(), testing::SizeIs(4));
    EXPECT_FALSE(std::filesystem::exists(away));
}

TEST_F(MonitorStepTest, AMonitorWhoseBusHangsDoesNotStopTheOthers) {
    rig.add_monitor(5, "hang");
    rig.add_monitor(6);
    const auto results = run(TargetId{0});
    ASSERT_THAT(results, testing::SizeIs(2));
    EXPECT_EQ(results[0].outcome, StepOutcome::Failed);
    EXPECT_THAT(results[0].reason, HasSubstr("i2c-5: the kernel did not answer in time"));
    EXPECT_EQ(results[1].outcome, StepOutcome::Ok);
}

TEST_F(MonitorStepTest, ReportsEachKindOfFailure) {
    rig.add_monitor(5, "other_edid");
    rig.add_monitor(6, "deaf");
    const auto results = run(TargetId{0});
    ASSERT_THAT(results, testing::SizeIs(2));
    EXPECT_EQ(results[0].outcome, StepOutcome::Failed);
    EXPECT_THAT(results[0].reason, HasSubstr("refused: i2c-5: another monitor"));
    EXPECT_EQ(results[1].outcome, StepOutcome::Failed);
    EXPECT_THAT(results[1].reason, HasSubstr("does not answer"));
    EXPECT_THAT(rig.received(), IsEmpty());
}

TEST_F(MonitorStepTest, RepairsWhatACrashLeft) {
    rig.add_monitor(5);
    ASSERT_TRUE(ddc::AwayFile(away).save({{"win", "left"}}));
    EXPECT_TRUE(step.repair());
    EXPECT_TRUE(run_until(
        loop, [&] { return !std::filesystem::exists(away); }, 30s));
    EXPECT_THAT(rig.received(), ElementsAre(kHostSet));
}

TEST_F(MonitorStepTest, HasNothingToRepairAfterAnOrderlyEndOrFromADamagedFile) {
    EXPECT_FALSE(step.repair());
    SysfsTree::write(away, "nonsense");
    EXPECT_FALSE(step.repair());
}

TEST_F(MonitorStepTest, AMonitorThatIsDeafForSecondsComesHomeByItself) {
    rig.add_monitor(5);
    rig.add_monitor(6);
    (void)run(TargetId{0});
    rig.become(5, "deaf");
    const auto results = run(std::nullopt);
    ASSERT_THAT(results, testing::SizeIs(2));
    EXPECT_EQ(results[0].outcome, StepOutcome::Failed);
    EXPECT_THAT(results[0].reason, HasSubstr("; will be tried again"));
    EXPECT_EQ(results[1].outcome, StepOutcome::Ok);
    EXPECT_EQ(ddc::AwayFile(away).load(), (ddc::AwayList{{"win", "left"}}));
    rig.become(5, "");
    EXPECT_TRUE(run_until(
        loop, [&] { return !std::filesystem::exists(away); }, 30s));
    EXPECT_EQ(rig.received().back(), kHostSet);
}

TEST_F(MonitorStepTest, ACancelledSwitchSaysNothing) {
    rig.add_monitor(5);
    bool called = false;
    step.run(TargetId{0}, [&](const std::vector<StepResult>&) { called = true; });
    step.cancel();
    EXPECT_THAT(run(std::nullopt), IsEmpty());
    EXPECT_FALSE(called);
    EXPECT_THAT(rig.received(), IsEmpty());
}

TEST_F(MonitorStepTest, WithoutMonitorsNeedsNoHelper) {
    ddc::HelperClient none(loop, {"/nonexistent/helper", {}});
    ddc::MonitorStep idle(loop, none, away);
    idle.configure({{"win", {}}});
    std::optional<std::vector<StepResult>> results;
    idle.run(TargetId{0}, [&](std::vector<StepResult> given) { results = std::move(given); });
    EXPECT_TRUE(run_until(loop, [&] { return results.has_value(); }));
    EXPECT_THAT(*results, IsEmpty());
}

TEST_F(MonitorStepTest, MayGoWhileARequestIsUnderWay) {
    rig.add_monitor(5, "hang");
    {
        ddc::MonitorStep gone(loop, client, away);
        gone.configure({{"win", {monitor("left", "DP-5")}}});
        gone.run(TargetId{0}, [](const std::vector<StepResult>&) { FAIL(); });
        ASSERT_TRUE(run_until(
            loop, [&] { return std::filesystem::exists(away); }, 30s));
    }
    bool answered = false;
    client.send(ddc::Request{}, [&](const Result<ddc::Reply>&) { answered = true; });
    EXPECT_TRUE(run_until(
        loop, [&] { return answered; }, 30s));
}

} // namespace
} // namespace spicykvm::test
