// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Playback with samples, in virtual time: no click whatever happens, and nothing that waits.
#include "session/audio/playback.h"
#include "sim/audio_player.h"
#include "sim/playback_sim.h"
#include "sim/tone.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

namespace spicykvm::sim {

namespace {

/// Fades of 5 ms and cross-fades of 8 ms stay below; a jump of 1 % of a period does not.
constexpr double kClick = 2e-3;
/// Where frames are missing the wave goes on at its last value, or begins anew at zero: its slope
/// breaks, at 1 kHz and this amplitude by up to so much.
constexpr double kKink = AudioPlayer::kAmplitude * 0.1309;

Scenario seconds(double length) {
    Scenario s = rough(1, length / 3600, 200);
    return s;
}

double largest_step(const AudioPlayer& player) {
    return sim::largest_step(player.output(), player.frequency(), 2);
}

float loudest(const AudioPlayer& player, double from_s, double to_s) {
    const auto& all = player.output();
    const auto at = [&](double s) {
        return all.begin() + std::min(static_cast<std::ptrdiff_t>(s * 96000),
                                      static_cast<std::ptrdiff_t>(all.size()));
    };
    return *std::max_element(at(from_s), at(to_s));
}

TEST(PlaybackSink, AToneComesOutAsOne) {
    const Scenario s = seconds(40);
    AudioPlayer player(s, 1000);
    run(s, player);
    EXPECT_LT(largest_step(player), kClick);
    EXPECT_EQ(player.sink().faults(), 0U);
    EXPECT_EQ(player.sink().playout().counters().underruns, 0U);
    const auto second = std::span(player.output()).subspan(39 * 96000, 4800 * 2);
    // The device runs 200 ppm fast: the tone has less turns a frame there, and wanders by parts.
    const double rate = player.sink().playout().clock().rate();
    EXPECT_GE(signal_to_noise(second, player.frequency() / rate, 2), 70);
    EXPECT_NEAR(loudest(player, 1, 40), AudioPlayer::kAmplitude, 0.001);
}

TEST(PlaybackSink, StallsStopsSkipsAndChangesDoNotClick) {
    std::vector<Scenario> scenarios(6, seconds(20));
    scenarios[0].stalls = {{5, 0.1}, {7, 0.04}, {9, 0.5}};
    scenarios[1].stops = {{3, 0.02}, {5, 0.3}, {7, 2}, {10, 0.001}};
    scenarios[2].missed_chance = 0.002;
    scenarios[3].quanta = {64, 1024, 256};
    scenarios[3].quantum_every_s = 1;
    scenarios[4].drops = {4, 6, 6.2};
    scenarios[4].device_begins_s = 2;
    scenarios[5].pauses = {{4, 2}, {8, 0.033}};
    scenarios[5].graph_rate = 44100;
    for (std::size_t i = 0; i < scenarios.size(); ++i) {
        AudioPlayer player(scenarios[i], 1000);
        run(scenarios[i], player);
        EXPECT_LT(largest_step(player), i == 2 ? kClick : kKink) << "scenario " << i;
        EXPECT_EQ(player.sink().faults(), 0U) << "scenario " << i;
        EXPECT_GT(loudest(player, 15, 20), 0.49F) << "scenario " << i;
    }
}

TEST(PlaybackSink, WhatIsReadIsHeardAsLateAsIsSaid) {
    // One click in the middle of silence, of which the device gets the peak.
    audio::PlaybackShared shared;
    audio::PlaybackSource source(shared, {.prior = Milliseconds(10)}, audio::VolumeLaw::Hda);
    audio::PlaybackSink sink(shared);
    constexpr TimePoint begin{std::chrono::hours(1)};
    const auto stamp = static_cast<std::uint32_t>(begin.time_since_epoch() / Milliseconds(1));
    source.on_start({2, 1, 48000, stamp});
    std::vector<float> all;
    std::array<float, 480> block{};
    for (audio::Frames ticks = 0; ticks < 48000; ticks += 240) {
        if (ticks % 480 == 0) {
            std::array<std::uint8_t, 1920> payload{};
            payload[1] = payload[3] = ticks == 24000 ? 0x40 : 0;
            source.on_data(begin + audio::duration_of(ticks), stamp, payload);
        }
        sink.pull({begin + audio::duration_of(ticks), ticks, 48000, 240}, block);
        all.insert(all.end(), block.begin(), block.end());
    }
    const auto peak = (std::max_element(all.begin(), all.end()) - all.begin()) / 2;
    // Its packet came when frame 24000 of the device was asked for; D is 11 ms, then the request
    // that reads it (its last frame is what is due now), and the resampler.
    EXPECT_NEAR(static_cast<double>(peak), 24000 + 11 * 48 + 240 + audio::Resampler::kHeld, 2);
}

TEST(PlaybackSink, VolumeStormsDoNotClick) {
    const Scenario s = seconds(10);
    AudioPlayer player(s, 1000);
    std::uint16_t volume = 0;
    bool mute = false;
    run(s, player, [&](double, double, const Outcome&) {
        volume = static_cast<std::uint16_t>(volume + 7919);
        const std::array<std::uint16_t, 2> both{volume, volume};
        player.source().on_volume(both);
        if (volume % 16 == 0) {
            mute = !mute;
            player.source().on_mute(mute);
        }
    });
    EXPECT_LT(largest_step(player), 2 * kClick);
}

TEST(PlaybackSink, TakesAnyRequestAndGivesNumbersOnly) {
    audio::PlaybackShared shared;
    audio::PlaybackSource source(shared, {}, audio::VolumeLaw::Hda);
    audio::PlaybackSink sink(shared);
    std::vector<float> output(2 * 20'000, std::numeric_limits<float>::quiet_NaN());
    TimePoint now{std::chrono::hours(1)};
    const std::vector<std::uint8_t> noise(1920, 0x80);
    audio::Frames ticks = 0;
    source.on_start({2, 1, 48000, 0});
    for (const audio::Frames frames : {0, 1, 17, -5, 8192, 16384, 20'000, 256, 256}) {
        now += Milliseconds(11);
        source.on_data(now, 77, noise);
        ticks += 1'000'000'007;
        const audio::Frames given = sink.pull({now, ticks, 48000, frames}, output);
        ASSERT_LE(given, std::max<audio::Frames>(frames, 0));
        for (audio::Frames i = 0; i < 2 * given; ++i) {
            ASSERT_TRUE(std::isfinite(output[static_cast<std::size_t>(i)]));
        }
    }
    EXPECT_EQ(sink.faults(), 0U);
}

} // namespace

} // namespace spicykvm::sim
