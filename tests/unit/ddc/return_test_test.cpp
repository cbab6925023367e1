// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/return_test.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using core::ReturnTrial;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Verdict = ReturnTrial::Verdict;

constexpr std::uint16_t kHost = 0x0f;
constexpr std::uint16_t kGuest = 0x11;

auto trial(const std::string& way, Verdict verdict, const std::string& note) {
    return testing::AllOf(Field(&ReturnTrial::way, way), Field(&ReturnTrial::verdict, verdict),
                          Field(&ReturnTrial::note, HasSubstr(note)));
}

/// A monitor in a few words, and a test of it.
class ReturnTestTest : public testing::Test {
  protected:
    void run(WayHome configured) {
        MonitorSettings settings;
        settings.home.way = configured;
        test.emplace(settings, 3s);
        while (const auto action = test->next()) {
            ASSERT_LT(moves.size(), 20u);
            if (const auto* move = std::get_if<ReturnTest::Move>(&*action)) {
                moves.push_back(*move);
                test->on_moved(obey(*move));
            } else if (const auto* pause = std::get_if<ReturnTest::Pause>(&*action)) {
                time += pause->duration;
                test->on_paused();
            } else {
                const bool deaf = (deaf_while_away && input == kGuest) || time < deaf_until;
                test->on_read(mute || deaf ? std::nullopt : std::optional(lie.value_or(input)));
            }
        }
    }
    MonitorResult obey(const ReturnTest::Move& move) {
        MonitorResult result;
        result.outcome = MonitorOutcome::Sent;
        if (!move.home_by) {
            result.outcome = deaf_while_away && input == kGuest ? MonitorOutcome::Failed : leaves;
            result.reason = "reason";
            input = result.outcome == MonitorOutcome::Sent ? kGuest : input;
        } else if (*move.home_by == WayHome::Hook) {
            result.outcome = hook;
            result.reason = "status 3";
            input = hook == MonitorOutcome::Ran ? kHost : input;
        } else if (*move.home_by == WayHome::Cable || !(deaf_while_away || ignores_host)) {
            input = kHost;
        }
        deaf_until = time + deaf_after_move;
        return result;
    }

    std::uint16_t input = kHost;
    bool mute = false;
    bool deaf_while_away = false;
    bool ignores_host = false;
    std::optional<std::uint16_t> lie;
    MonitorOutcome leaves = MonitorOutcome::Sent;
    MonitorOutcome hook = MonitorOutcome::Ran;
    Milliseconds deaf_after_move{0};
    Milliseconds deaf_until{0};
    Milliseconds time{0};
    std::vector<ReturnTest::Move> moves;
    std::optional<ReturnTest> test;
};

TEST_F(ReturnTestTest, AGoodMonitorComesHomeByDdc) {
    run(WayHome::Ddc);
    EXPECT_THAT(test->trials(),
                ElementsAre(trial("ddc", Verdict::Works, "the monitor says displayport-1 again")));
    EXPECT_FALSE(test->may_be_away());
    EXPECT_EQ(time, 3s + ReturnTest::kSettle);
    ASSERT_THAT(moves, SizeIs(2)); // no rescue
    EXPECT_FALSE(moves[0].home_by);
    EXPECT_FALSE(moves[1].is_last);
}

TEST_F(ReturnTestTest, TriesEachWayAndStaysWithTheOneThatWorks) {
    deaf_while_away = true;
    run(WayHome::Cable);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Fails, "does not answer"),
                                            trial("cable", Verdict::Works, "again")));
    EXPECT_EQ(test->best_way(), WayHome::Cable);
    EXPECT_EQ(input, kHost);
    EXPECT_THAT(moves, SizeIs(3)); // there once: it did not come back by the first
}

TEST_F(ReturnTestTest, ComesHomeAtLastByTheWayThatWorked) {
    hook = MonitorOutcome::Failed;
    run(WayHome::Hook);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Works, ""),
                                            trial("hook", Verdict::Fails, "status 3")));
    ASSERT_THAT(moves, SizeIs(5));
    EXPECT_EQ(moves[4].home_by, WayHome::Ddc);
    EXPECT_TRUE(moves[4].is_last);
    EXPECT_EQ(input, kHost);
}

TEST_F(ReturnTestTest, WithoutAWayThatWorksTriesTheConfiguredOneOnceMore) {
    deaf_while_away = true;
    hook = MonitorOutcome::Failed;
    run(WayHome::Hook);
    EXPECT_EQ(moves.back().home_by, WayHome::Hook);
    EXPECT_TRUE(test->may_be_away());
}

TEST_F(ReturnTestTest, ByHandTriesWhatIsPossible) {
    run(WayHome::ByHand);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Works, "")));
    EXPECT_EQ(test->best_way(), WayHome::Ddc);
}

TEST_F(ReturnTestTest, WaitsForAMonitorThatAnswersNothingAfterASwitch) {
    deaf_after_move = 3 * ReturnTest::kSettle;
    run(WayHome::Ddc);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Works, "")));
}

TEST_F(ReturnTestTest, BelievesNoMonitorThatAlwaysSaysTheSame) {
    lie = kHost;
    run(WayHome::Ddc);
    EXPECT_THAT(test->trials(),
                ElementsAre(trial("ddc", Verdict::Unknown, "said displayport-1 all the time")));
    EXPECT_TRUE(moves.back().is_last);
}

TEST_F(ReturnTestTest, SaysThatAMonitorStillShowsTheGuest) {
    ignores_host = true;
    run(WayHome::Ddc);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Fails,
                                                  "says hdmi-1 after it; at home it said "
                                                  "displayport-1")));
}

TEST_F(ReturnTestTest, AMuteMonitorHasToBeLookedAt) {
    mute = true;
    run(WayHome::Cable);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Unknown, "look at it"),
                                            trial("cable", Verdict::Unknown, "look at it")));
    EXPECT_EQ(moves.back().home_by, WayHome::Cable);
    moves.clear();
    input = kHost;
    deaf_while_away = true; // so that it can't be sent there twice
    run(WayHome::Cable);
    EXPECT_THAT(test->trials(), SizeIs(2));
    EXPECT_EQ(input, kHost);
}

TEST_F(ReturnTestTest, WhatCouldNotBeSentThereIsNotTried) {
    leaves = MonitorOutcome::Refused;
    run(WayHome::Cable);
    EXPECT_THAT(test->trials(), ElementsAre(trial("ddc", Verdict::Unknown, "sent there: reason"),
                                            trial("cable", Verdict::Unknown, "not tried")));
    EXPECT_THAT(moves, SizeIs(1)); // it never left
    leaves = MonitorOutcome::Failed;
    moves.clear();
    run(WayHome::Ddc);
    EXPECT_THAT(moves, SizeIs(2)); // it may have
}

TEST_F(ReturnTestTest, IgnoresAJunkHighByte) {
    MonitorSettings settings;
    ReturnTest direct(settings, 1s);
    MonitorResult sent;
    sent.outcome = MonitorOutcome::Sent;
    direct.on_read(0x030f);
    direct.on_moved(sent);
    direct.on_paused();
    direct.on_read(std::uint16_t{kGuest});
    direct.on_moved(sent);
    direct.on_paused();
    direct.on_read(0x000f);
    EXPECT_THAT(direct.trials(), ElementsAre(trial("ddc", Verdict::Works, "")));
    EXPECT_FALSE(direct.next());
}

} // namespace
} // namespace spicykvm::ddc
