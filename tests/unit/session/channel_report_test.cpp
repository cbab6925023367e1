// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/channel_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

PlaybackState playing() {
    PlaybackState state;
    state.playing = true;
    return state;
}

StreamStatus running() {
    StreamStatus stream;
    stream.state = StreamState::Running;
    return stream;
}

TEST(PlaybackReport, SaysTheStateInAWord) {
    EXPECT_EQ(report_of(PlaybackState{}, running(), true).state, "idle");
    EXPECT_EQ(report_of(playing(), running(), true).state, "running");
    EXPECT_EQ(report_of(playing(), running(), false).state, "muted");
    EXPECT_EQ(report_of(playing(), StreamStatus{}, true).state, "waiting");
    EXPECT_EQ(report_of(playing(), StreamStatus{}, false).state, "muted");
}

TEST(PlaybackReport, TheVmsFaultComesBeforeTheDevices) {
    StreamStatus stream = running();
    stream.problem = "the device is gone";
    EXPECT_EQ(report_of(playing(), stream, true).problem, "the device is gone");
    PlaybackState state = playing();
    state.mode = SPICE_AUDIO_DATA_MODE_OPUS;
    EXPECT_THAT(report_of(state, stream, true).problem, HasSubstr("compressed"));
}

TEST(PlaybackReport, HasTheFigures) {
    PlaybackState state = playing();
    state.delay = 14'500us;
    state.lateness.tick = 10'000us;
    state.lateness.vm.p99 = 9ms;
    StreamStatus stream = running();
    stream.latency = 14'600us;
    stream.quantum = 256;
    stream.device_ppm = -12.5;
    stream.scheduler_late_p50 = 40us;
    stream.scheduler_late_p99 = 80us;
    stream.scheduler_late_max = 900us;
    stream.underruns = 3;
    stream.skips = 2;
    stream.silence = 4800;
    const ChannelReport report = report_of(state, stream, true);
    EXPECT_EQ(report.latency_target_us, 14'500u);
    EXPECT_EQ(report.latency_us, 14'600u);
    EXPECT_EQ(report.quantum, 256u);
    EXPECT_EQ(report.drift_ppm, -12.5);
    EXPECT_EQ(report.tick_us, 10'000u);
    EXPECT_THAT(report.hint, HasSubstr("timer-period=1000"));
    ASSERT_TRUE(report.lateness);
    EXPECT_EQ(report.lateness->vm.p99, 9ms);
    EXPECT_EQ(report.lateness->scheduler, (audio::Percentiles{40us, 80us, 900us, 900us}));
    EXPECT_EQ(report.underruns, 3u);
    EXPECT_EQ(report.skips, 2u);
    EXPECT_EQ(report.silence_ms, 100u);
}

TEST(PlaybackReport, AnUnknownPeriodIsLeftOut) {
    EXPECT_FALSE(report_of(playing(), running(), true).tick_us);
    EXPECT_EQ(report_of(playing(), running(), true).hint, "");
}

TEST(RecordReport, SaysTheStateInAWord) {
    RecordState state;
    const StreamStatus stream = running();
    EXPECT_EQ(report_of(state, nullptr, true).state, "idle");
    state.recording = true;
    EXPECT_EQ(report_of(state, nullptr, false).state, "muted");
    EXPECT_EQ(report_of(state, nullptr, true).state, "waiting");
    EXPECT_EQ(report_of(state, &stream, true).state, "running");
    EXPECT_FALSE(report_of(state, &stream, true).lateness);
}

TEST(Report, OnlyStateAndProblemAreUrgent) {
    ChannelReport a = report_of(playing(), running(), true);
    ChannelReport b = a;
    b.underruns = 9;
    EXPECT_TRUE(same_state(a, b));
    b.problem = "none";
    EXPECT_FALSE(same_state(a, b));
}

} // namespace

} // namespace spicykvm::session
