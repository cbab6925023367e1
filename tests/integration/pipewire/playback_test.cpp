// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rig.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gmock/gmock.h>
#include <limits>

namespace spicykvm::test {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kSecond = 48000;

/// A tone's way through the graph, from the sink's monitor.
class Playback : public testing::Test {
  protected:
    void expect_tone(std::size_t begin, double decibels = 80) {
        const auto heard = recorder.samples(begin);
        const auto status = playing.stream->status();
        EXPECT_LE(breaks_of(heard, kTone).size(), excuses(status, recorder, begin))
            << status.graph_gaps << " gaps, " << status.underruns << " underruns, " << status.skips
            << " skips";
        const auto clean = longest_tone(heard, kTone);
        ASSERT_GE(clean.size(), 4096U);
        EXPECT_GE(purity_of(clean, kTone), decibels);
    }
    bool record(std::size_t more) {
        const std::size_t until = recorder.size() + more;
        return rig.run_until([&] { return recorder.size() >= until; });
    }
    /// Links all, and waits until the tone has come through.
    void begin() {
        ASSERT_TRUE(rig.link("guest", "test-sink"));
        ASSERT_TRUE(rig.link("test-sink", "recorder"));
        ASSERT_TRUE(
            rig.run_until([&] { return playing.stream->status().state == StreamState::Running; }));
        ASSERT_TRUE(record(kSecond));
    }

    explicit Playback(const PipeWireSettings& settings = {}) : rig(settings) {}

    PipeWireRig rig;
    PlayingGuest playing{rig, tone(kTone)};
    Recorder recorder{*rig.graph, "recorder"};
};

TEST_F(Playback, AToneArrivesAsItWasSent) {
    begin();
    const std::size_t from = recorder.size();
    ASSERT_TRUE(record(2 * kSecond));
    expect_tone(from, 85);
    const auto status = playing.stream->status();
    EXPECT_THAT(status.problem, IsEmpty());
    EXPECT_GE(status.quantum, 256);
    EXPECT_NEAR(status.device_ppm, 0, 100);
    EXPECT_NEAR(status.ratio_ppm, 0, 5000);
    EXPECT_EQ(status.reconnections, 0U);
    EXPECT_GT(playing.changes, 0U);
}

TEST_F(Playback, AQuantumOfOthersIsFollowed) {
    begin();
    for (const unsigned quantum : {256U, 2048U, 512U}) {
        rig.pipewire.set("clock.force-quantum", quantum);
        ASSERT_TRUE(rig.run_until([&] { return playing.stream->status().quantum == quantum; }));
        ASSERT_TRUE(record(kSecond / 2)); // the change itself may be heard
        const std::size_t from = recorder.size();
        ASSERT_TRUE(record(kSecond));
        expect_tone(from);
    }
}

TEST_F(Playback, TheGuestGoesOnWhereItIsWhenTheStreamWasCorked) {
    begin();
    playing.stream->set_active(false);
    ASSERT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Corked; }));
    playing.stream->set_active(true);
    ASSERT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Running; }));
    ASSERT_TRUE(record(kSecond / 2));
    const std::size_t from = recorder.size();
    ASSERT_TRUE(record(kSecond));
    expect_tone(from);
    EXPECT_EQ(playing.stream->status().reconnections, 0U);
}

TEST_F(Playback, DroppingTheStreamTakesItsNodeAway) {
    begin();
    playing.stream.reset();
    EXPECT_TRUE(rig.run_until([&] { return !rig.graph->has_node("guest"); }));
}

TEST_F(Playback, ASinkThatGoesAndComesInterruptsTheSoundOnly) {
    begin();
    rig.graph->remove("test-sink");
    ASSERT_TRUE(rig.run_until([&] { return !rig.graph->has_node("test-sink"); }));
    EXPECT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Waiting; }));
    EXPECT_TRUE(rig.run_until([&] { return !playing.stream->status().problem.empty(); }));
    EXPECT_THAT(playing.stream->status().problem, HasSubstr("no sound device"));

    rig.graph->add_sink("other-sink");
    ASSERT_TRUE(rig.link("guest", "other-sink"));
    ASSERT_TRUE(rig.link("other-sink", "recorder"));
    ASSERT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Running; }));
    EXPECT_THAT(playing.stream->status().problem, IsEmpty());
    ASSERT_TRUE(record(kSecond));
    const std::size_t from = recorder.size();
    ASSERT_TRUE(record(kSecond));
    expect_tone(from);
}

class PlaybackAt44100 : public Playback {
  protected:
    PlaybackAt44100() : Playback({44100, false}) {}
};

TEST_F(PlaybackAt44100, AToneArrivesAsItWasSent) {
    begin();
    const std::size_t from = recorder.size();
    ASSERT_TRUE(record(kSecond));
    expect_tone(from);
}

class PlaybackAt96000 : public Playback {
  protected:
    PlaybackAt96000() : Playback({96000, false}) {}
};

TEST_F(PlaybackAt96000, AToneArrivesAsItWasSent) {
    begin();
    const std::size_t from = recorder.size();
    ASSERT_TRUE(record(kSecond));
    expect_tone(from);
}

TEST(PlaybackLatency, IsWhatTheStatusSays) {
    constexpr audio::Frames kPeriod = 24000;
    PipeWireRig rig;
    PlayingGuest playing(rig, clicks(kPeriod));
    Recorder recorder(*rig.graph, "recorder");
    ASSERT_TRUE(rig.link("guest", "test-sink"));
    ASSERT_TRUE(rig.link("test-sink", "recorder"));
    std::vector<double> delays;
    // The target follows the machine's lateness, so each click may have met another one.
    double fastest = std::numeric_limits<double>::max();
    double slowest = 0;
    ASSERT_TRUE(rig.run_until([&] {
        const auto status = playing.stream->status();
        if (status.latency.count() > 0) {
            const double said = 10 + static_cast<double>(status.latency.count()) / 1000 +
                                static_cast<double>(status.quantum) / 48 + 0.5;
            fastest = std::min(fastest, said);
            slowest = std::max(slowest, said);
        }
        delays = delays_of(recorder, playing.guest, kPeriod);
        return delays.size() >= 5;
    }));
    // The least delayed one had no gap on its way.
    const double least = *std::min_element(delays.begin(), delays.end());
    std::printf("P + D + Q + 0.5 ms = %.2f to %.2f ms, measured %.2f ms\n", fastest, slowest,
                least);
    EXPECT_GT(least, fastest - 3);
    EXPECT_LT(least, slowest + 30);
}

} // namespace

} // namespace spicykvm::test
