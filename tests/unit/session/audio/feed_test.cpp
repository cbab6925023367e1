// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/feed.h"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::audio {

namespace {

class FeedTest : public testing::Test {
  protected:
    FeedTest() {
        const std::vector<PackedFrame> loud(4800, pack(16384, -16384));
        ring.write(loud);
    }
    std::vector<float> render(const Plan& plan) {
        std::vector<float> frames(static_cast<std::size_t>(plan.feed) * kChannels);
        feed.render(ring, plan, frames);
        for (const float x : frames) {
            all.push_back(x);
        }
        return frames;
    }
    static Plan play(Frames from, Frames count, Frames end = 4800) {
        return {.feed = count, .from = from, .begin = 0, .end = end, .fade_from = end};
    }
    void expect_no_step() const {
        for (std::size_t i = 2; i < all.size(); ++i) {
            ASSERT_LE(std::abs(all[i] - all[i - 2]), 0.5F / Playout::kFade * 1.01F) << i / 2;
        }
    }
    SampleRing ring;
    Feed feed;
    std::vector<float> all{0, 0};
    Frames skipped_so_far = 0;
};

TEST_F(FeedTest, FadesInAndPlaysExactly) {
    const auto frames = render(play(0, 480));
    EXPECT_NEAR(frames[2 * 239], 0.5F, 1e-5);
    EXPECT_EQ(frames[2 * 300 + 1], -0.5F);
    expect_no_step();
}

TEST_F(FeedTest, AQuietBeginningNeedsNoFade) {
    ring.write(std::vector<PackedFrame>(10, 0));
    ring.write(std::vector<PackedFrame>(10, pack(16384, 16384)));
    const auto frames = render(play(4800, 20, 4820));
    EXPECT_EQ(frames[2 * 15], 0.5F);
}

TEST_F(FeedTest, WhereNothingIsTheLastFrameFades) {
    render(play(0, 480));
    render(play(480, 480, 500));
    render({.feed = 300});
    expect_no_step();
    EXPECT_EQ(all.back(), 0);
}

TEST_F(FeedTest, AnUnderrunFadesWhatIsLeft) {
    render(play(0, 480));
    Plan plan = play(480, 256, 700);
    plan.fade_from = 480;
    const auto frames = render(plan);
    EXPECT_NEAR(frames[2 * 219], 0.5F * 20 / 240, 0.001F);
    EXPECT_EQ(frames[2 * 245], 0);
    expect_no_step();
}

TEST_F(FeedTest, ASkipIsACrossFade) {
    ring.write(std::vector<PackedFrame>(4800, pack(-16384, 16384)));
    render(play(3000, 480, 9600));
    for (const Frames part : {100, 100, 100, 100}) {
        Plan plan = play(5000 + skipped_so_far, part, 9600);
        plan.skipped = skipped_so_far == 0 ? 5000 - 3480 : 0;
        render(plan);
        skipped_so_far += part;
    }
    for (std::size_t i = 2; i < all.size(); ++i) {
        ASSERT_LE(std::abs(all[i] - all[i - 2]), 1.0F / Playout::kCrossFade * 1.01F) << i / 2;
    }
    EXPECT_EQ(all[all.size() - 2], -0.5F);
}

TEST_F(FeedTest, FramesBeforeTheStreamAreNotPlayed) {
    Plan plan = play(100, 300);
    plan.begin = 300;
    const auto frames = render(plan);
    EXPECT_EQ(frames[2 * 199], 0);
    EXPECT_GT(frames[2 * 220], 0);
    expect_no_step();
}

} // namespace

} // namespace spicykvm::audio
