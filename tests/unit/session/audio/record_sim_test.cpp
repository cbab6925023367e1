// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/record_sim.h"

#include <gtest/gtest.h>

namespace spicykvm::sim {

namespace {

#ifdef SPICYKVM_SANITIZED
constexpr double kHours = 0.2;
#else
constexpr double kHours = 2;
#endif

RecordScenario microphone(double ppm, double hours = kHours) {
    RecordScenario s;
    s.device = rough(11, hours, ppm);
    return s;
}

TEST(RecordSim, TheQueueStaysAtItsLevelWhateverTheMicrophonesClock) {
    for (const double ppm : {-200.0, -50.0, 0.0, 100.0, 200.0}) {
        const RecordReport report = run_record(microphone(ppm));
        EXPECT_EQ(report.short_reads, 0U) << ppm;
        EXPECT_EQ(report.overflowed_ms, 0) << ppm;
        EXPECT_LE(report.level_high_ms - report.level_low_ms, 2) << ppm;
        EXPECT_LE(report.delay_ms, 256 / 48.0 + 10 + 5) << ppm;
    }
}

TEST(RecordSim, AnyQuantumAndTimer) {
    for (const std::int64_t quantum : {64, 256, 1024}) {
        for (const double tick : {1.0, 2.0, 10.0}) {
            RecordScenario s = microphone(150, 0.2);
            s.device.quanta = {quantum};
            s.device.tick_ms = tick;
            const RecordReport report = run_record(s);
            EXPECT_EQ(report.short_reads, 0U) << quantum << ", " << tick << " ms";
            EXPECT_LE(report.delay_ms, static_cast<double>(quantum) / 48 + 15)
                << quantum << ", " << tick << " ms";
        }
    }
}

TEST(RecordSim, TheOriginalOverflowsOrRunsDry) {
    EXPECT_GT(run_record_naive(microphone(100, 2)).overflowed_ms, 100);
    EXPECT_GT(run_record_naive(microphone(-100, 2)).short_reads, 1000U);
}

TEST(RecordSim, AStalledSenderDropsWhatIsStale) {
    RecordScenario s = microphone(100);
    s.stall_every_s = 60;
    s.stall_ms = 300;
    const RecordReport report = run_record(s);
    EXPECT_LE(report.delay_ms, 256 / 48.0 + 10 + 5);
    EXPECT_GT(report.dropped_ms, 0);
    EXPECT_LE(report.level_high_ms, 20);
}

TEST(RecordSim, APausedMicrophoneComesBackAtItsLevel) {
    RecordScenario s = microphone(100, 0.1);
    s.pause_begin_s = 100;
    s.pause_length_s = 0.5;
    const RecordReport paused = run_record(s);
    EXPECT_LE(paused.short_reads, 60U) << "only during the pause";
    EXPECT_LE(paused.delay_ms, 256 / 48.0 + 10 + 5);
}

TEST(RecordSim, TheServersCounterMayWrap) {
    const RecordReport report = run_record(microphone(-100, 25.5));
    EXPECT_LE(report.short_reads, 1U);
    EXPECT_EQ(report.overflowed_ms, 0);
    EXPECT_LE(report.delay_ms, 256 / 48.0 + 10 + 5);
    EXPECT_LE(report.level_high_ms, 25) << "the silence that opens the gate is in these 10 s";
}

} // namespace

} // namespace spicykvm::sim
