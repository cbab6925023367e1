// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvm-audio-bench: the targets A1 to A14 of docs/benchmarks.md, in virtual time where time is
// what counts, and A11 and A14 in a private PipeWire. The baseline is the original tool's algorithm
// in the same scenarios.
#include "bench/audio_live.h"
#include "bench/table.h"
#include "session/audio/gain.h"
#include "sim/audio_player.h"
#include "sim/core_player.h"
#include "sim/original.h"
#include "sim/playback_sim.h"
#include "sim/record_sim.h"
#include "sim/tone.h"
#include "unit/session/audio/allocations.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <getopt.h>
#include <numbers>
#include <string>
#include <vector>

namespace spicykvm::bench {

namespace {

using sim::Report;
using sim::Scenario;

struct Options {
    double hours = 24;
    std::uint64_t seeds = 5;
    bool good = true;
};

std::string ms(double value) {
    return fmt::format("{:.2f} ms", value);
}

Report core(const Scenario& scenario, const sim::Watcher& watch = {}) {
    sim::CorePlayer player(scenario);
    const Report report = sim::run(scenario, player, watch);
    if (!player.violation().empty()) {
        fmt::print(stderr, "seed {}: {}\n", scenario.seed, player.violation());
        std::exit(1);
    }
    return report;
}

Report original(const Scenario& scenario, const sim::Watcher& watch = {}) {
    sim::OriginalPlayer player;
    return sim::run(scenario, player, watch);
}

struct Steady {
    Report core;
    Report slow; ///< the original, with a device 200 ppm slow and fast
    Report fast;
};

Steady steady(Table& table, const Options& options, const std::string& what, double tick_ms,
              double spikes, double target_ms) {
    Scenario s = sim::rough(1, options.hours, 200);
    s.tick_ms = tick_ms;
    s.spike_chance = spikes;
    s.prior_ms = 13;
    const Report ours = core(s);
    const Report fast = original(s);
    s.device_ppm = -200;
    const Report slow = original(s);
    table.add({what, fmt::format("<= {:.1f} ms", target_ms), ms(ours.delay_ms),
               fmt::format("{:.1f}-{:.1f}", fast.delay_ms, slow.delay_ms), "-",
               judge(ours.delay_ms <= target_ms)});
    return {ours, slow, fast};
}

void measure_delay(Table& table, const Options& options) {
    steady(table, options, "A1 delay D, timer 10 ms", 10, 0, 12);
    const Steady rough = steady(table, options, "A2 with spikes of 1 to 5 ms", 10, 0.001, 16);
    steady(table, options, "A3 delay D, timer 1 ms", 1, 0, 3.5);
    const Steady fine = steady(table, options, "A3 with spikes", 1, 0.001, 7.5);

    const auto ppm = [](double value) { return fmt::format("{:.2f} ppm", value); };
    table.add({"A5 tracking error, worst mean of 10 s", "<= 1 ppm", ppm(rough.core.tracking_ppm),
               ppm(rough.slow.tracking_ppm), "-", judge(rough.core.tracking_ppm <= 1)});
    table.add({"A5 deviation of the ratio", "<= 15 ppm", ppm(rough.core.ratio_sd_ppm),
               ppm(rough.slow.ratio_sd_ppm), "-", judge(rough.core.ratio_sd_ppm <= 15)});
    table.add({"A6 modulation of D within a minute, timer 10 ms", "<= 1.5 ms",
               ms(rough.core.modulation_ms), ms(rough.slow.modulation_ms), "-",
               judge(rough.core.modulation_ms <= 1.5)});
    table.add({"A6 timer 1 ms", "<= 0.7 ms", ms(fine.core.modulation_ms),
               ms(fine.slow.modulation_ms), "-", judge(fine.core.modulation_ms <= 0.7)});
}

void measure_starvation(Table& table, const Options& options) {
    std::uint64_t ours = 0;
    std::uint64_t baseline = 0;
    for (std::uint64_t seed = 1; seed <= options.seeds; ++seed) {
        const Scenario s = sim::rough(seed, options.hours, seed % 2 == 0 ? 200 : -200);
        ours += core(s).starved;
        baseline += original(s).starved;
    }
    table.add({fmt::format("A4 starved requests, {} x {:.0f} h at +-200 ppm", options.seeds,
                           options.hours),
               "0", std::to_string(ours), std::to_string(baseline), "-",
               judge(ours == 0, Verdict::Wrong)});
}

void measure_stall(Table& table) {
    Scenario s = sim::rough(2, 0.1, 100);
    s.stalls = {{200, 0.1}};
    struct Result {
        double before = 0;
        double back_s = 0; ///< when the delay was last off by 1 ms
        double later = 0;
        Report report;
    };
    const auto measure = [&s](auto&& run_it) {
        Result result;
        result.report = run_it(s, [&](double now, double delay, const sim::Outcome& outcome) {
            const bool heard = outcome.sounds && !outcome.starved;
            result.before = now < 200 && heard ? delay : result.before;
            if (now > 200.1 && now < 260 && std::abs(delay - result.before) > 1) {
                result.back_s = now - 200.1;
            }
            result.later = now < 260 && heard ? delay : result.later;
        });
        return result;
    };
    const Result ours = measure(core);
    const Result baseline = measure(original);
    table.add({"A7 gaps of a stall of 100 ms", "1", std::to_string(ours.report.gaps),
               std::to_string(baseline.report.gaps), "-",
               judge(ours.report.gaps == 1, Verdict::Wrong)});
    table.add({"A7 back within 1 ms of the delay before", "<= 0.5 s",
               fmt::format("{:.2f} s", ours.back_s), fmt::format("{:.2f} s", baseline.back_s), "-",
               judge(ours.back_s <= 0.5)});
    const double change = std::abs(ours.later - ours.before);
    table.add({"A7 change of the delay a minute later", "0 ms", ms(change),
               ms(std::abs(baseline.later - baseline.before)), "-", judge(change < 0.2)});
}

void measure_start(Table& table) {
    double latest = 0;
    double excess = 0;
    double latest_original = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Scenario s = sim::rough(seed, 0.02, 100);
        const Report ours = core(s);
        latest = std::max(latest, ours.first_sound_ms - 10 - 15.5 - 256 / 48.0);
        excess = std::max(excess, ours.start_excess_ms);
        latest_original =
            std::max(latest_original, original(s).first_sound_ms - 10 - 15.5 - 256 / 48.0);
    }
    table.add({"A8 START to sound, beyond P + D + Q (worst of 100)", "<= 10 ms", ms(latest),
               ms(latest_original), "-", judge(latest <= 10)});
    table.add({"A8 delay above its target at the start (worst)", "<= 2 ms", ms(excess), "-", "-",
               judge(excess <= 2)});
}

void measure_resampler(Table& table) {
    double worst = 1e9;
    for (const double ppm : {-5000.0, -200.0, -20.0, 0.0, 20.0, 200.0, 5000.0}) {
        const double step = 1 + ppm * 1e-6;
        audio::Resampler resampler;
        audio::Phase phase;
        std::vector<float> all;
        std::array<float, 512> output{};
        double n = 0;
        for (int block = 0; block < 300; ++block) {
            std::vector<float> input;
            for (audio::Frames k = phase.advance(256, step); k > 0; --k, ++n) {
                const double turn = std::fmod(15000.0 / 48000 * n, 1.0);
                const double x = 0.5 * std::sin(2 * std::numbers::pi * turn);
                input.insert(input.end(), 2, static_cast<float>(x));
            }
            resampler.process(input, output, step);
            all.insert(all.end(), output.begin(), output.end());
        }
        const double snr =
            sim::signal_to_noise(std::span(all).subspan(4096), 15000.0 / 48000 * step, 2);
        worst = std::min(worst, snr);
    }
    table.add({"A9 resampler, 15 kHz at -5000 to 5000 ppm", ">= 100 dB",
               fmt::format("{:.1f} dB", worst), "-", "-", judge(worst >= 100)});
    const double held = static_cast<double>(audio::Resampler::kHeld) / 48;
    table.add({"A9 resampler's delay", "<= 1 ms", ms(held), "-", "-", judge(held <= 1)});
}

/// Of this thread, in nanoseconds: what others do on a busy machine does not count.
double cpu_time() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

void measure_process(Table& table) {
    audio::PlaybackShared shared;
    audio::PlaybackSource source(shared, {}, audio::VolumeLaw::Hda);
    audio::PlaybackSink sink(shared);
    const std::vector<std::uint8_t> payload(1920, 0x21);
    std::array<float, 512> output{};
    Samples times;
    constexpr int pulls = 200'000;
    times.reserve(pulls);
    source.on_start({2, 1, 48000, 0});
    std::size_t allocated = 0;
    audio::Frames sent = 0;
    for (audio::Frames i = 0; i < pulls; ++i) {
        const TimePoint now = TimePoint(std::chrono::hours(1)) + audio::duration_of(256 * i);
        for (; sent + 480 <= 256 * i; sent += 480) {
            source.on_data(now, 0, payload);
        }
        shared.guest.set({static_cast<float>(i / 64 % 2), 1});
        const std::size_t before = audio::test::allocations();
        const double begin = cpu_time();
        sink.pull({now, 256 * i, 48000, 256}, output);
        times.add(cpu_time() - begin);
        allocated += audio::test::allocations() - before;
    }
    table.add({"A10 allocations in 200000 requests", "0", std::to_string(allocated), "-", "-",
               judge(allocated == 0, Verdict::Wrong)});
    table.add({"A10 CPU time of a request of 256 frames, 99.9 %", "<= 100 us",
               to_time(times.quantile(0.999)), "-",
               fmt::format("median {}", to_time(times.median())),
               judge(times.quantile(0.999) <= 100e3)});
}

void measure_record(Table& table, const Options& options) {
    double worst = 0;
    double delay = 0;
    double naive_delay = 0;
    std::uint64_t shorts = 0;
    std::uint64_t naive_shorts = 0;
    for (const double ppm : {-200.0, 200.0}) {
        sim::RecordScenario s;
        s.device = sim::rough(3, options.hours, ppm);
        const sim::RecordReport ours = sim::run_record(s);
        const sim::RecordReport naive = sim::run_record_naive(s);
        worst = std::max(
            {worst, ours.level_high_ms - ours.level_ms, ours.level_ms - ours.level_low_ms});
        delay = std::max(delay, ours.delay_ms);
        naive_delay = std::max(naive_delay, naive.delay_ms);
        shorts += ours.short_reads;
        naive_shorts += naive.short_reads;
    }
    table.add({"A12 server's queue, off its mean at +-200 ppm", "<= 2 ms", ms(worst), "-", "-",
               judge(worst <= 2)});
    table.add({"A12 short reads", "0", std::to_string(shorts), std::to_string(naive_shorts), "-",
               judge(shorts == 0, Verdict::Wrong)});
    const double limit = 256 / 48.0 + 10 + 5;
    table.add({"A12 delay of the microphone up to QEMU", fmt::format("<= {:.1f} ms", limit),
               ms(delay), ms(naive_delay), "-", judge(delay <= limit)});
}

void measure_volume(Table& table) {
    double worst = 0;
    for (int step = 1; step <= 74; ++step) {
        const auto volume = static_cast<std::uint16_t>(step * 255 / 74 * 257);
        const float amplitude = audio::amplitude_of(audio::VolumeLaw::Hda, volume);
        const double decibels = 20 * std::log10(static_cast<double>(amplitude));
        worst = std::max(worst, std::abs(decibels - (step - 74)));
    }
    const bool silent = audio::amplitude_of(audio::VolumeLaw::Hda, 0) == 0;
    table.add({"A13 volume off the guest's, of 75 steps", "<= 0.5 dB",
               fmt::format("{:.3f} dB", worst), "-", "-",
               judge(worst <= 0.5 && silent, Verdict::Wrong)});
}

constexpr char kUsage[] = R"(Measures what spicykvm does with sound, most of it in virtual time.
Usage: spicykvm-audio-bench [OPTION...]
  --hours H   length of the long scenarios (24)
  --seeds N   of A4 (5; the target is meant for 100)
)";

Options parse(int argc, char** argv) {
    static const option kOptions[] = {{"hours", required_argument, nullptr, 'h'},
                                      {"seeds", required_argument, nullptr, 's'},
                                      {nullptr, 0, nullptr, 0}};
    Options options;
    for (int c = 0; (c = ::getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
        if (c == 'h') {
            options.hours = std::strtod(optarg, nullptr);
        } else if (c == 's') {
            options.seeds = std::strtoull(optarg, nullptr, 10);
        } else {
            options.good = false;
        }
    }
    options.good = options.good && optind == argc && options.hours >= 0.1 && options.seeds > 0;
    return options;
}

int run(const Options& options) {
    Table table("", false);
    measure_delay(table, options);
    measure_starvation(table, options);
    measure_stall(table);
    measure_start(table);
    measure_resampler(table);
    measure_process(table);
    measure_restart(table);
    measure_record(table, options);
    measure_volume(table);
    measure_end_to_end(table);
    return table.count(Verdict::Wrong) > 0 ? 1 : 0;
}

} // namespace

} // namespace spicykvm::bench

int main(int argc, char** argv) {
    const auto options = spicykvm::bench::parse(argc, argv);
    if (!options.good) {
        std::fputs(spicykvm::bench::kUsage, stderr);
        return 2;
    }
    return spicykvm::bench::run(options);
}
