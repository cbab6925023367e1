// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/focus.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;

ChannelSettings settings(AudioWhen when, double inactive_gain = 0) {
    ChannelSettings settings;
    settings.when = when;
    settings.inactive_gain = inactive_gain;
    return settings;
}

TEST(PlaybackGain, IsFullInTheActiveVm) {
    EXPECT_EQ(playback_gain(settings(AudioWhen::Always, -12), true), 1);
    EXPECT_EQ(playback_gain(settings(AudioWhen::Active, -12), true), 1);
}

TEST(PlaybackGain, ElsewhereIsWhatIsConfigured) {
    EXPECT_EQ(playback_gain(settings(AudioWhen::Always), false), 1);
    EXPECT_NEAR(playback_gain(settings(AudioWhen::Always, -20), false), 0.1, 1e-6);
    EXPECT_EQ(playback_gain(settings(AudioWhen::Active, -20), false), 0);
}

TEST(PlaybackGain, IsNeverAboveFullAndNeverNoNumber) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    EXPECT_EQ(playback_gain(settings(AudioWhen::Always, 40), false), 1);
    EXPECT_EQ(playback_gain(settings(AudioWhen::Always, -kInfinity), false), 0);
    EXPECT_EQ(playback_gain(settings(AudioWhen::Always, std::nan("")), false), 0);
}

struct MicrophoneCase {
    const char* what;
    std::vector<MicrophoneWish> wishes;
    const char* active;
    std::optional<std::size_t> owner;
};

TEST(MicrophoneOwner, IsOneVmAtATime) {
    const std::vector<MicrophoneCase> cases = {
        {"nobody wants it", {}, "a", {}},
        {"the active one records", {{"a", AudioWhen::Active, true}}, "a", 0},
        {"it does not record", {{"a", AudioWhen::Active, false}}, "a", {}},
        {"elsewhere", {{"a", AudioWhen::Active, true}}, "b", {}},
        {"at home", {{"a", AudioWhen::Active, true}}, "", {}},
        {"at home, always", {{"a", AudioWhen::Always, true}}, "", 0},
        {"the active one wins",
         {{"a", AudioWhen::Always, true}, {"b", AudioWhen::Active, true}},
         "b",
         1},
        {"also if it may always",
         {{"a", AudioWhen::Always, true}, {"b", AudioWhen::Always, true}},
         "b",
         1},
        {"the active one does not want it",
         {{"a", AudioWhen::Always, true}, {"b", AudioWhen::Active, false}},
         "b",
         0},
        {"the first in order",
         {{"a", AudioWhen::Active, true},
          {"b", AudioWhen::Always, true},
          {"c", AudioWhen::Always, true}},
         "",
         1},
        {"a name is missing", {{"", AudioWhen::Active, true}}, "", {}},
    };
    for (const MicrophoneCase& test : cases) {
        EXPECT_EQ(microphone_owner(test.wishes, test.active), test.owner) << test.what;
    }
}

class CorkDelayTest : public testing::Test {
  protected:
    const TimePoint begin{1h};
    CorkDelay cork;
};

TEST_F(CorkDelayTest, ANewStreamIsCorked) {
    EXPECT_TRUE(cork.corked(begin));
    cork.set_sounding(false, begin);
    EXPECT_TRUE(cork.corked(begin));
    EXPECT_FALSE(cork.deadline());
}

TEST_F(CorkDelayTest, UncorksAtOnce) {
    cork.set_sounding(true, begin);
    EXPECT_FALSE(cork.corked(begin));
    EXPECT_FALSE(cork.corked(begin + 24h));
    EXPECT_FALSE(cork.deadline());
}

TEST_F(CorkDelayTest, CorksHalfAMinuteAfterTheSound) {
    cork.set_sounding(true, begin);
    cork.set_sounding(false, begin + 1s);
    EXPECT_EQ(cork.deadline(), begin + 31s);
    cork.set_sounding(false, begin + 20s); // no news
    EXPECT_EQ(cork.deadline(), begin + 31s);
    EXPECT_FALSE(cork.corked(begin + 31s - 1ns));
    EXPECT_TRUE(cork.corked(begin + 31s));
}

TEST_F(CorkDelayTest, SoundInBetweenKeepsItOpen) {
    cork.set_sounding(true, begin);
    cork.set_sounding(false, begin + 1s);
    cork.set_sounding(true, begin + 20s);
    EXPECT_FALSE(cork.corked(begin + 40s));
    cork.set_sounding(false, begin + 41s);
    EXPECT_EQ(cork.deadline(), begin + 71s);
}

} // namespace

} // namespace spicykvm::session
