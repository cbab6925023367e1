// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Whole scenarios in virtual time; the benchmark runs longer ones. Bounds are the project's
// targets.
#include "sim/core_player.h"
#include "sim/original.h"
#include "sim/playback_sim.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace spicykvm::sim {

namespace {

#ifdef SPICYKVM_SANITIZED
constexpr double kHours = 0.1;
constexpr double kLongHours = 1;
#else
constexpr double kHours = 1;
constexpr double kLongHours = 24;
#endif

struct Played {
    explicit Played(const Scenario& scenario, const Watcher& watch = {}) : player(scenario) {
        report = run(scenario, player, watch);
        EXPECT_EQ(player.violation(), "");
    }
    [[nodiscard]] const audio::Playout::Counters& counters() const {
        return player.playout().counters();
    }
    CorePlayer player;
    Report report;
};

Scenario quiet(double hours = kHours) {
    Scenario s;
    s.hours = hours;
    return s;
}

/// The largest delay within a span of seconds.
struct Within {
    double from;
    double to;
    double largest = -1e9;
    double smallest = 1e9;
    void operator()(double now, double delay, const Outcome& outcome) {
        if (now >= from && now < to && outcome.sounds && !outcome.starved) {
            largest = std::max(largest, delay);
            smallest = std::min(smallest, delay);
        }
    }
};

TEST(PlaybackSim, NothingStarvesWhateverTheDeviceDoes) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const double ppm = (static_cast<double>(seed % 5) - 2) * 100;
        const Played played(rough(seed, kHours, ppm));
        EXPECT_EQ(played.report.starved, 0U) << "seed " << seed;
        EXPECT_LE(played.report.delay_max_ms, 16.5) << "seed " << seed;
        EXPECT_LE(played.report.tracking_ppm, 1) << "seed " << seed;
        EXPECT_LE(played.report.ratio_sd_ppm, 15) << "seed " << seed;
        EXPECT_LE(played.report.modulation_ms, 1.5) << "seed " << seed;
        EXPECT_EQ(played.counters().skips, 0U) << "seed " << seed;
    }
}

TEST(PlaybackSim, ADayWithoutAStarvedRequest) {
    const Played played(rough(101, kLongHours, 200));
    EXPECT_EQ(played.report.starved, 0U);
    EXPECT_LE(played.report.delay_ms, 16);
}

TEST(PlaybackSim, TheDelayIsWhatTheTimerNeeds) {
    Scenario s = rough(1, 6, 200);
    s.spike_chance = 0;
    s.prior_ms = 10.5;
    EXPECT_LE(Played(s).report.delay_ms, 12);
    s.tick_ms = 1;
    s.prior_ms = 1.5;
    EXPECT_LE(Played(s).report.delay_ms, 3.5);
    s.spike_chance = 0.001;
    const Report spiky = Played(s).report;
    EXPECT_LE(spiky.delay_ms, 7.5);
    EXPECT_LE(spiky.modulation_ms, 0.7);
}

TEST(PlaybackSim, TheDelaySinksWhenTheTimerGetsFaster) {
    Scenario s = rough(3, 12, 50);
    s.spike_chance = 0;
    s.tick_ms_later = 1;
    double before = 0;
    Within late{11.9 * 3600, 12.0 * 3600};
    const Played played(s, [&](double now, double delay, const Outcome& outcome) {
        before = now < 6 * 3600 ? outcome.delay_ms : before;
        late(now, delay, outcome);
    });
    EXPECT_GT(before, 11);
    EXPECT_LE(late.largest, 5) << "two hours halve it";
    EXPECT_EQ(played.report.starved, 0U);
}

TEST(PlaybackSim, TheOriginalStarvesOrWaitsWhereThisOneDoesNot) {
    OriginalPlayer original;
    const Report fast = run(rough(1, 1, 200), original);
    EXPECT_GT(fast.starved, 1000U);
    OriginalPlayer again;
    const Report slow = run(rough(1, 1, -200), again);
    EXPECT_NEAR(slow.delay_ms, 26, 1) << "the model is faithful";
}

TEST(PlaybackSim, AStallIsOneGapAndLeavesNoDelay) {
    for (const double ms : {20.0, 40.0, 100.0, 500.0}) {
        Scenario s = rough(2, 0.1, 100);
        s.stalls = {{200, ms * 1e-3}};
        Within before{190, 200};
        Within after{200.5 + ms * 1e-3, 201.5 + ms * 1e-3};
        Within later{270, 280};
        const Played played(s, [&](double now, double delay, const Outcome& outcome) {
            before(now, delay, outcome);
            after(now, delay, outcome);
            later(now, delay, outcome);
        });
        EXPECT_LE(played.report.gaps, 1U) << ms << " ms";
        EXPECT_EQ(played.report.gaps, ms < 30 ? played.report.gaps : 1U) << ms << " ms";
        EXPECT_LE(played.report.silent_ms, ms + 10) << ms << " ms";
        EXPECT_LE(after.largest, before.largest + 1) << ms << " ms";
        EXPECT_NEAR(later.largest, before.largest, 0.2) << ms << " ms";
    }
}

TEST(PlaybackSim, RareStallsAreNotLearned) {
    Scenario s = rough(4, 3, -100);
    s.stall_every_s = 600;
    s.stall_ms = 40;
    const Played played(s);
    EXPECT_LE(played.report.delay_ms, 16.5);
    EXPECT_LE(played.report.gaps, 17U);
}

TEST(PlaybackSim, FrequentStallsAreJitter) {
    Scenario s = rough(5, 1, 0);
    s.stall_every_s = 2;
    s.stall_ms = 40;
    std::uint64_t late_starved = 0;
    const Played played(s, [&](double now, double, const Outcome& outcome) {
        late_starved += now > 120 && outcome.starved ? 1 : 0;
    });
    EXPECT_LE(late_starved, 5U) << "of 1700 stalls";
    EXPECT_GT(played.report.delay_ms, 35);
}

TEST(PlaybackSim, ATimerSlowerThanThreePacketsIsLearned) {
    Scenario s = quiet(0.2);
    s.tick_ms = 30;
    std::uint64_t late_starved = 0;
    const Played played(s, [&](double now, double, const Outcome& outcome) {
        late_starved += now > 60 && outcome.starved ? 1 : 0;
    });
    EXPECT_EQ(late_starved, 0U);
}

TEST(PlaybackSim, StartsAtItsDelayAndAtOnce) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Scenario s = rough(seed, 0.05, 100);
        const Played played(s);
        // Packet, delay, quantum and 10 ms.
        EXPECT_LE(played.report.first_sound_ms, 10 + 15.5 + 5.4 + 10) << "seed " << seed;
        EXPECT_LE(played.report.start_excess_ms, 2) << "seed " << seed;
        EXPECT_EQ(played.report.starved, 0U) << "seed " << seed;
    }
}

TEST(PlaybackSim, ADeviceThatComesLateIsInTimeAtOnce) {
    Scenario s = quiet(0.05);
    s.device_begins_s = 7;
    Within first{7, 8};
    const Played played(
        s, [&](double now, double delay, const Outcome& outcome) { first(now, delay, outcome); });
    EXPECT_NEAR(first.largest, 14, 1.5);
    EXPECT_EQ(played.report.starved, 0U);
}

TEST(PlaybackSim, ShortClipsComeAndGo) {
    Scenario s = rough(6, 0.1, 200);
    for (int i = 0; i < 1000; ++i) {
        s.stops.push_back({1 + i * 0.3, 0.02 + (i % 7) * 0.03});
    }
    const Played played(s);
    EXPECT_EQ(played.report.starved, 0U);
    EXPECT_LE(played.report.delay_max_ms, 26) << "the first packet of a clip may be a tick late";
}

TEST(PlaybackSim, ALostPacketIsMadeUpFor) {
    Scenario s = quiet(0.1);
    s.drops = {100, 100.3, 200};
    Within after{202, 203};
    const Played played(
        s, [&](double now, double delay, const Outcome& outcome) { after(now, delay, outcome); });
    EXPECT_EQ(played.player.arrivals().counters().lost, 3 * 480);
    EXPECT_NEAR(after.largest, 14.3, 1.5);
    EXPECT_LE(played.report.delay_ms, 15);
}

TEST(PlaybackSim, AVmThatStoodStillGoesOn) {
    Scenario s = quiet(0.1);
    s.pauses = {{100, 10}, {200, 0.123}};
    std::uint64_t late_starved = 0;
    const Played played(s, [&](double now, double, const Outcome& outcome) {
        late_starved += (now > 111.5 && now < 200) || now > 202 ? (outcome.starved ? 1 : 0) : 0;
    });
    EXPECT_EQ(late_starved, 0U);
    EXPECT_LE(played.report.delay_ms, 16.5);
}

TEST(PlaybackSim, AnotherHostsClockIsFollowed) {
    for (const double ppm : {-500.0, -10.0, 50.0, 500.0}) {
        Scenario s = rough(7, 0.5, 100);
        s.remote = true;
        s.skew_ppm = ppm;
        s.transport_us = 300;
        std::uint64_t late_starved = 0;
        const Played played(s, [&](double now, double, const Outcome& outcome) {
            late_starved += now > 120 && outcome.starved ? 1 : 0;
        });
        EXPECT_EQ(late_starved, 0U) << ppm << " ppm";
        EXPECT_FALSE(played.player.arrivals().same_host());
        EXPECT_LE(played.report.delay_ms, 20) << ppm << " ppm";
    }
}

TEST(PlaybackSim, AnyQuantumAndAnyGraphRate) {
    for (const std::uint32_t rate : {44100U, 48000U, 96000U}) {
        for (const std::int64_t quantum : {32, 64, 256, 1024, 8192}) {
            Scenario s = rough(8, 0.1, 150);
            s.graph_rate = rate;
            s.quanta = {quantum};
            const Played played(s);
            EXPECT_EQ(played.report.starved, 0U) << quantum << " at " << rate;
            EXPECT_NEAR(played.report.delay_ms, 15.4, 1.5) << quantum << " at " << rate;
        }
    }
}

TEST(PlaybackSim, QuantaThatChangeCostAFadeAndNoDelay) {
    Scenario s = rough(9, 0.1, 100);
    s.quanta = {128, 512};
    s.quantum_every_s = 5;
    const Played played(s);
    EXPECT_LE(played.report.delay_ms, 20);
    EXPECT_LE(played.counters().underruns, 72U);
}

TEST(PlaybackSim, LateAndMissedCyclesOfTheDevice) {
    Scenario s = rough(10, 0.2, -150);
    s.late_chance = 0.001;
    EXPECT_EQ(Played(s).report.starved, 0U);
    s.missed_chance = 0.0002;
    const Played played(s);
    EXPECT_EQ(played.report.starved, 0U);
    EXPECT_LE(played.report.delay_ms, 17.5);
    EXPECT_GT(played.counters().skips, 10U);
}

} // namespace

} // namespace spicykvm::sim
