// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/playout.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace spicykvm::audio {

namespace {

using namespace std::chrono_literals;

constexpr TimePoint kBegin{std::chrono::hours(1)};

/// A device and a source that are both exact; tests move the timeline and the ring's end.
class PlayoutTest : public testing::Test {
  protected:
    PlayoutTest() {
        timeline.stream = 1;
        timeline.origin = kBegin;
        timeline.delay = 12ms;
    }
    /// The next request; all that is due was written, and `ahead` more.
    Plan pull(Frames frames = 256) {
        const Pull request{kBegin + duration_of(ticks), ticks, 48000, frames};
        const Plan plan = playout.next(request, timeline, stuck > 0 ? stuck : ticks);
        ticks += frames;
        return plan;
    }
    Plan pull_for(Nanoseconds time) {
        Plan plan;
        for (const Frames end = ticks + static_cast<Frames>(frames_in(time)); ticks < end;) {
            plan = pull();
        }
        return plan;
    }
    Timeline timeline;
    Frames ticks = 0;
    Frames stuck = 0; ///< the ring's end, if nothing comes any more
    Playout playout;
};

TEST_F(PlayoutTest, WithoutAStreamThereIsSilence) {
    timeline = {};
    const Plan plan = pull_for(100ms);
    EXPECT_FALSE(plan.sounds());
    EXPECT_FALSE(plan.starved);
    EXPECT_EQ(plan.feed, 256);
}

TEST_F(PlayoutTest, ReadsWhatIsDueWhateverTheRequestsSize) {
    for (const Frames frames : {256, 64, 64, 1024, 256}) {
        const Plan plan = pull(frames);
        (void)plan;
    }
    const Plan plan = pull_for(1s);
    EXPECT_NEAR(static_cast<double>(plan.from + plan.feed),
                static_cast<double>(ticks - 256) - 12 * 48, 1);
    EXPECT_EQ(playout.counters().starved, 0U);
}

TEST_F(PlayoutTest, BeginsInTheMiddleOfARequest) {
    Plan plan;
    while (!plan.sounds()) {
        plan = pull();
    }
    EXPECT_LT(plan.from, plan.begin);
    EXPECT_LE(duration_of(ticks - 256), 12ms + duration_of(256));
}

TEST_F(PlayoutTest, AnUnderrunFadesAndLeavesNoDelay) {
    pull_for(1s);
    stuck = ticks;
    Plan plan;
    for (int i = 0; i < 10 && !plan.starved; ++i) {
        plan = pull();
    }
    EXPECT_TRUE(plan.starved);
    EXPECT_TRUE(plan.end == stuck && plan.fade_from == std::max(plan.from, stuck - Playout::kFade));
    pull_for(100ms);
    stuck = 0;
    plan = pull_for(20ms);
    EXPECT_TRUE(plan.sounds());
    EXPECT_NEAR(static_cast<double>(plan.from + plan.feed),
                static_cast<double>(ticks - 256) - 12 * 48, 1);
    EXPECT_EQ(playout.counters().underruns, 1U);
    EXPECT_GT(playout.counters().starved, 15U);
}

TEST_F(PlayoutTest, ASurplusIsSkippedWithACrossFade) {
    pull_for(1s);
    timeline.delay = 2ms;
    const Plan plan = pull();
    EXPECT_NEAR(static_cast<double>(plan.skipped), 480, 2);
    EXPECT_EQ(pull().skipped, 0);
    EXPECT_EQ(playout.counters().skips, 1U);
}

TEST_F(PlayoutTest, ASmallSurplusIsAMatterOfTheRate) {
    pull_for(1s);
    timeline.delay = 9ms;
    EXPECT_GT(pull_for(1s).step, 1.0003);
    const Plan plan = pull_for(40s);
    EXPECT_EQ(playout.counters().skips, 0U);
    EXPECT_NEAR(static_cast<double>(plan.from + plan.feed),
                static_cast<double>(ticks - 256) - 9 * 48, 2);
}

TEST_F(PlayoutTest, MoreDelayIsStretched) {
    pull_for(1s);
    timeline.delay = 30ms;
    EXPECT_LT(pull_for(2s).step, 0.997);
    const Plan plan = pull_for(60s);
    EXPECT_NEAR(static_cast<double>(plan.from + plan.feed),
                static_cast<double>(ticks - 256) - 30 * 48, 2);
    EXPECT_EQ(playout.counters().starved, 0U);
}

TEST_F(PlayoutTest, AStoppedStreamIsPlayedToItsEnd) {
    pull_for(1s);
    timeline.end = stuck = ticks;
    Frames last = 0;
    for (int i = 0; i < 20; ++i) {
        const Plan plan = pull();
        EXPECT_FALSE(plan.starved);
        last = plan.sounds() ? std::min(plan.from + plan.feed, plan.end) : last;
    }
    EXPECT_EQ(last, timeline.end);
    EXPECT_FALSE(playout.playing());
    EXPECT_EQ(playout.counters().underruns, 0U);
}

TEST_F(PlayoutTest, TheNextStreamWaitsForItsTime) {
    pull_for(1s);
    const Frames end = ticks;
    timeline.end = stuck = end;
    pull();
    // Another one was started half a second later: its frame `end` is due then.
    timeline = {2, end, Timeline::kOpen, kBegin + 500ms, 12ms, 0};
    stuck = end + 4800;
    Plan plan;
    while (!plan.sounds() || std::min(plan.from + plan.feed, plan.end) <= end) {
        plan = pull();
        ASSERT_FALSE(plan.starved);
        ASSERT_LT(ticks, 96'000);
    }
    EXPECT_NEAR(seconds(duration_of(ticks - end)), 0.512, 0.012);
    EXPECT_EQ(plan.begin, end);
}

TEST_F(PlayoutTest, NothingIsPlayedTwice) {
    pull_for(1s);
    stuck = ticks;
    pull_for(40ms);
    const Frames played = stuck;
    timeline.delay = 80ms;
    stuck = 0;
    Plan plan;
    while (!plan.sounds()) {
        plan = pull();
    }
    EXPECT_GE(plan.from, played);
}

TEST_F(PlayoutTest, ARequestForNothingGetsNothing) {
    pull_for(1s);
    const Pull request{kBegin + duration_of(ticks), ticks, 48000, 0};
    EXPECT_EQ(playout.next(request, timeline, ticks).feed, 0);
}

} // namespace

} // namespace spicykvm::audio
