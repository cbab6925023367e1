// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// PipeWire goes, and comes back; alone, and with WirePlumber, which links the streams then.
#include "rig.h"

#include <algorithm>
#include <cstdio>
#include <gmock/gmock.h>

namespace spicykvm::test {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kSecond = 48000;
const PipeWireSettings kWithSessionManager{48000, true};
const StreamProperties kMonitor{{"stream.capture.sink", "true"}, {"target.object", "test-sink"}};

bool is_loud(const Recorder& recorder, std::size_t begin) {
    const auto samples = recorder.samples(begin);
    return std::any_of(samples.begin(), samples.end(), [](float sample) { return sample > 0.4F; });
}

TEST(PipeWireRestart, ARunningStreamComesBack) {
    PipeWireRig rig(kWithSessionManager);
    PlayingGuest playing(rig, tone(kTone));
    {
        Recorder recorder(*rig.graph, "recorder", kMonitor);
        ASSERT_TRUE(rig.run_until([&] { return is_loud(recorder, 0); }));
    }
    const auto before = playing.stream->status();
    rig.graph.reset();
    rig.pipewire.kill();
    ASSERT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Waiting; }));
    ASSERT_TRUE(rig.run_until([&] { return !playing.stream->status().problem.empty(); }));
    EXPECT_THAT(playing.stream->status().problem, HasSubstr("waiting for it"));

    rig.pipewire.start();
    const TimePoint back = Clock::now();
    ASSERT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Running; }));
    const double seconds = audio::seconds(Clock::now() - back);
    std::printf("runs %.3f s after the socket is back\n", seconds);

    rig.graph = std::make_unique<GraphClient>();
    Recorder recorder(*rig.graph, "recorder", kMonitor);
    ASSERT_TRUE(rig.run_until([&] { return is_loud(recorder, 0); }));
    const std::size_t from = recorder.size() + kSecond / 2;
    ASSERT_TRUE(rig.run_until([&] { return recorder.size() > from + kSecond; }));
    EXPECT_GE(purity_of(longest_tone(recorder.samples(from), kTone), kTone), 80);
    const auto status = playing.stream->status();
    EXPECT_THAT(status.problem, IsEmpty());
    EXPECT_EQ(status.reconnections, 1U);
    EXPECT_GE(status.silence, before.silence); // counters go on
}

TEST(PipeWireRestart, ACorkedStreamComesBackCorked) {
    PipeWireRig rig(kWithSessionManager);
    PlayingGuest playing(rig, tone(kTone));
    const auto is = [&](StreamState state) {
        return rig.run_until([&] { return playing.stream->status().state == state; });
    };
    ASSERT_TRUE(is(StreamState::Running));
    playing.stream->set_active(false);
    ASSERT_TRUE(is(StreamState::Corked));
    rig.restart();
    ASSERT_TRUE(rig.run_until([&] { return playing.stream->status().reconnections == 1; }));
    ASSERT_TRUE(is(StreamState::Corked));
    playing.stream->set_active(true);
    ASSERT_TRUE(is(StreamState::Running));
}

TEST(PipeWireRestart, AStreamMayBeOpenedWhilePipeWireIsNotThere) {
    PipeWireRig rig(kWithSessionManager);
    rig.graph.reset();
    rig.pipewire.kill();
    PlayingGuest playing(rig, tone(kTone));
    ASSERT_TRUE(rig.run_until([&] { return !playing.stream->status().problem.empty(); }));
    rig.pipewire.start();
    EXPECT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Running; }));
    EXPECT_THAT(playing.stream->status().problem, IsEmpty());
}

TEST(PipeWireRestart, AStreamMayBeDroppedWhilePipeWireIsNotThere) {
    PipeWireRig rig;
    auto playing = std::make_unique<PlayingGuest>(rig, tone(kTone));
    ASSERT_TRUE(rig.run_until([&] { return rig.graph->has_node("guest"); }));
    rig.graph.reset();
    rig.pipewire.kill();
    playing->stream.reset(); // the loop has not seen it yet
    rig.pipewire.start();
    rig.graph = std::make_unique<GraphClient>();
    ASSERT_TRUE(rig.run_until([&] { return rig.graph->has_node("test-sink"); }));
    EXPECT_FALSE(rig.graph->has_node("guest"));
}

TEST(SessionManager, TheDefaultSinkIsFollowed) {
    PipeWireRig rig(kWithSessionManager);
    PlayingGuest playing(rig, tone(kTone));
    const auto runs = [&] {
        return rig.run_until(
            [&] { return playing.stream->status().state == StreamState::Running; });
    };
    ASSERT_TRUE(runs());
    rig.graph->add_sink("other-sink");
    ASSERT_TRUE(rig.run_until([&] { return rig.graph->has_node("other-sink"); }));
    rig.graph->remove("test-sink");
    ASSERT_TRUE(rig.run_until([&] { return !rig.graph->has_node("test-sink"); }));
    Recorder recorder(*rig.graph, "recorder",
                      {{"stream.capture.sink", "true"}, {"target.object", "other-sink"}});
    ASSERT_TRUE(rig.run_until([&] { return is_loud(recorder, 0); }));
    ASSERT_TRUE(runs());
    EXPECT_EQ(playing.stream->status().reconnections, 0U); // moved, not made anew
}

TEST(SessionManager, AConfiguredSinkIsWaitedForAndUsed) {
    PipeWireRig rig(kWithSessionManager);
    PlayingGuest playing(rig, tone(kTone), "headset");
    ASSERT_TRUE(rig.run_until([&] {
        return playing.stream->status().problem == "no sound device headset: waiting for it";
    }));
    rig.graph->add_sink("headset");
    ASSERT_TRUE(
        rig.run_until([&] { return playing.stream->status().state == StreamState::Running; }));
    Recorder recorder(*rig.graph, "recorder",
                      {{"stream.capture.sink", "true"}, {"target.object", "headset"}});
    EXPECT_TRUE(rig.run_until([&] { return is_loud(recorder, 0); }));
}

TEST(PrivatePipeWire, NeverTouchesAnotherSession) {
    const PrivatePipeWire pipewire;
    EXPECT_NO_THROW(PrivatePipeWire::assert_private(pipewire.socket().parent_path().parent_path()));
    EXPECT_THROW(PrivatePipeWire::assert_private("/run/user/1000"), std::logic_error);
}

} // namespace

} // namespace spicykvm::test
