// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the decisions cost by themselves: no descriptor, no thread.
#include "bench/bare_batch.h"
#include "bench/figures.h"
#include "core/forwarder.h"
#include "spice/inputs_messages.h"
#include "spice/out_buffer.h"
#include "spice/scancode.h"

#include <array>
#include <benchmark/benchmark.h>
#include <map>

namespace spicykvm::bench {

namespace {

/// Messages into a buffer that nobody sends.
class Sink final : public core::GuestInput {
  public:
    [[nodiscard]] int fd() const noexcept override { return -1; }
    void key(core::KeyCode code, core::KeyAction action) noexcept override {
        const spice::Scancode scancode = spice::scancode_of(code);
        out_.append(action == core::KeyAction::Up ? spice::encode_key_up(scancode.release())
                                                  : spice::encode_key_down(scancode.press()));
    }
    void motion(std::int32_t dx, std::int32_t dy, core::ButtonMask held) noexcept override {
        out_.append(spice::encode_motion(dx, dy, held));
    }
    void button(core::Button button, bool, core::ButtonMask held) noexcept override {
        out_.append(spice::encode_press(button, held));
    }
    Io flush() noexcept override {
        benchmark::DoNotOptimize(out_.pending().data());
        benchmark::ClobberMemory();
        out_.consume(out_.pending().size());
        return Io::Ok;
    }
    [[nodiscard]] bool pending() const noexcept override { return false; }
    Io receive(core::GuestInputObserver&) noexcept override { return Io::Ok; }

  private:
    spice::OutBuffer out_{4096};
};

class Nobody final : public core::ForwarderObserver {
  public:
    void on_hotkey(const core::Hotkey&, bool) noexcept override {}
    void on_panic_chord() noexcept override {}
    void on_watch_all_keys(core::DeviceSlot, bool) noexcept override {}
};

input_event raw(std::uint16_t type, std::uint16_t code, std::int32_t value) {
    input_event event{};
    event.type = type;
    event.code = code;
    event.value = value;
    return event;
}

using Reports = std::array<std::array<input_event, 2>, 2>; // in turn
const Reports kMotion{{{raw(EV_REL, REL_X, 1), raw(EV_SYN, SYN_REPORT, 0)},
                       {raw(EV_REL, REL_X, 1), raw(EV_SYN, SYN_REPORT, 0)}}};
const Reports kKeys{{{raw(EV_KEY, KEY_A, 1), raw(EV_SYN, SYN_REPORT, 0)},
                     {raw(EV_KEY, KEY_A, 0), raw(EV_SYN, SYN_REPORT, 0)}}};

void decide(benchmark::State& state, const Reports& reports) {
    core::HotkeyTable table;
    table.hotkeys.emplace_back().keys[0] = core::KeyCode{KEY_RIGHTCTRL};
    Nobody nobody;
    Sink sink;
    core::Forwarder forwarder(nobody);
    forwarder.set_hotkeys(table);
    forwarder.enter(sink, core::TargetId{});
    unsigned turn = 0;
    for (auto _ : state) {
        for (const input_event& event : reports[++turn % 2]) {
            forwarder.on_event(
                core::DeviceSlot{},
                {.time = {}, .type = event.type, .code = event.code, .value = event.value});
        }
        benchmark::DoNotOptimize(forwarder.flush());
        forwarder.on_motion_ack(1, {});
    }
}

void copy(benchmark::State& state, const Reports& reports) {
    BareBatch batch;
    unsigned turn = 0;
    for (auto _ : state) {
        for (const input_event& event : reports[++turn % 2]) {
            batch.take(event);
        }
        benchmark::DoNotOptimize(batch.finish().data());
        benchmark::ClobberMemory();
    }
}

/// Keeps every repetition.
class Collector final : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type == Run::RT_Iteration && !run.error_occurred) {
                all_[run.run_name.function_name].add(run.GetAdjustedCPUTime());
            }
        }
    }
    [[nodiscard]] Estimate estimate(const std::string& ours, const std::string& baseline) {
        Comparison comparison;
        comparison.add(all_[ours], all_[baseline]);
        return comparison.at(0.5);
    }

  private:
    std::map<std::string, Samples> all_;
};

} // namespace

void measure_decisions(const Options&, Table& table) {
    std::array<std::string, 5> arguments{"spicykvm-bench", "--benchmark_repetitions=15",
                                         "--benchmark_enable_random_interleaving=true",
                                         "--benchmark_min_time=0.05",
                                         "--benchmark_report_aggregates_only=false"};
    std::array<char*, 5> argv{};
    for (std::size_t i = 0; i < argv.size(); ++i) {
        argv[i] = arguments[i].data();
    }
    int argc = static_cast<int>(argv.size());
    benchmark::Initialize(&argc, argv.data());
    benchmark::RegisterBenchmark("decide_motion", decide, kMotion);
    benchmark::RegisterBenchmark("copy_motion", copy, kMotion);
    benchmark::RegisterBenchmark("decide_keys", decide, kKeys);
    benchmark::RegisterBenchmark("copy_keys", copy, kKeys);
    Collector collector;
    benchmark::RunSpecifiedBenchmarks(&collector);
    table.add_time("decisions alone: a motion", collector.estimate("decide_motion", "copy_motion"),
                   0);
    table.add_time("decisions alone: a key", collector.estimate("decide_keys", "copy_keys"), 0);
}

} // namespace spicykvm::bench
