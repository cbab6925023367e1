// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// How long an event takes from the device to the guest's socket.
#include "bench/contenders.h"
#include "bench/figures.h"
#include "bench/threads.h"

#include <array>
#include <fmt/format.h>
#include <stdexcept>

namespace spicykvm::bench {

namespace {

constexpr double kMedianLimit = 1.3;
constexpr double kTailLimit = 1.5;
/// Above the thread that is measured, or its tail would be that of what measures.
constexpr int kObserverPriority = 20;
/// Below it: does not take the CPU away in the middle of send().
constexpr int kPatientPriority = 5;

using Kind = Contender::Kind;

std::size_t block_size(const Options& options, unsigned per_second) {
    const auto count = static_cast<std::size_t>(options.block_seconds * per_second);
    return (count + 1) / 2 * 2; // every key that goes down comes up
}

struct Comparisons {
    Comparison there;
    Comparison through;
    std::uint64_t allocations = 0; ///< of ours
    std::size_t lost = 0;
    std::size_t baseline_lost = 0;
};

/// A B, B A, A B, ...
Comparisons compare(const Options& options, Contender& ours, Contender& baseline, Stream stream,
                    unsigned per_second) {
    Comparisons result;
    const std::size_t count = block_size(options, per_second);
    for (unsigned turns = 0; result.there.pairs() < options.pairs; ++turns) {
        if (turns == 3 * options.pairs) {
            throw std::runtime_error("events are lost in every block");
        }
        std::array<Contender::Block, 2> blocks;
        for (const unsigned turn : {turns % 2, 1 - turns % 2}) {
            blocks[turn] = (turn == 0 ? ours : baseline).run(stream, per_second, count);
        }
        result.allocations += blocks[0].allocations;
        result.lost += blocks[0].lost;
        result.baseline_lost += blocks[1].lost;
        if (blocks[0].usable && blocks[1].usable) {
            result.there.add(std::move(blocks[0].there), std::move(blocks[1].there));
            result.through.add(std::move(blocks[0].through), std::move(blocks[1].through));
        }
    }
    return result;
}

/// Only where there are any.
void add_lost(Table& table, const std::string& what, const Comparisons& result) {
    if (result.lost + result.baseline_lost > 0) {
        table.add({what + "dropped, read too late", "-", std::to_string(result.lost),
                   std::to_string(result.baseline_lost), "-", Verdict::Shown});
    }
}

void add_distribution(Table& table, const std::string& what, const Comparison& comparison) {
    table.add_time(what + ", median", comparison.at(0.5), kMedianLimit);
    table.add_time(what + ", 99 %", comparison.at(0.99), kTailLimit);
    table.add_time(what + ", 99.9 %", comparison.pooled(0.999), 0);
}

std::string_view name_of(Stream stream) {
    return stream == Stream::Motion ? "motion" : "keys";
}

} // namespace

void measure_latency(const Options& options, Table& table) {
    sleep_exactly();
    // As the daemon runs, and the least disturbed by what else the machine does.
    const OneCpu pinned;
    const Realtime realtime(kObserverPriority);
    const bool allowed = realtime.granted();
    const int priority = allowed ? kDefaultPriority : 0;
    const int peer_priority = allowed ? kPatientPriority : 0;
    Contender ours({Kind::InputThread, options.device, priority, peer_priority});
    Contender baseline({Kind::BareLoop, options.device, priority, peer_priority});
    std::uint64_t allocations = 0;
    std::size_t events = 0;
    for (const Stream stream : {Stream::Motion, Stream::Keys}) {
        for (const unsigned rate : {1000U, 8000U}) {
            const auto result = compare(options, ours, baseline, stream, rate);
            const auto what = fmt::format("{} {}/s", name_of(stream), rate);
            add_distribution(table, what + ": read() to sent", result.through);
            add_distribution(table, what + ": made to received", result.there);
            add_lost(table, what + ": ", result);
            allocations += result.allocations;
            events += options.pairs * block_size(options, rate);
        }
    }
    table.add({fmt::format("allocations in {} events", events), "0", std::to_string(allocations),
               "-", "-", judge(allocations == 0, Verdict::Wrong)});
}

void measure_latency_under_load(const Options& options, Table& table) {
    sleep_exactly();
    const Realtime realtime(kObserverPriority);
    if (!realtime.granted()) {
        table.add_skipped("busy, motion 1000/s", "no real-time allowed");
        return;
    }
    Contender with({Kind::InputThread, options.device, kDefaultPriority, kObserverPriority});
    Contender without({Kind::InputThread, options.device, 0, kObserverPriority});
    Contender bare({Kind::BareLoop, options.device, kDefaultPriority, kObserverPriority});
    const BusyMachine busy;
    const auto priorities = compare(options, with, without, Stream::Motion, 1000);
    const Comparison& scheduling = priorities.there;
    const auto overhead = compare(options, with, bare, Stream::Motion, 1000).there;
    const std::string what = "busy, motion 1000/s, ";
    table.add_time(what + "FIFO/normal: median", scheduling.at(0.5), 0);
    table.add_time(what + "FIFO/normal: 99 %", scheduling.at(0.99), 1.0);
    table.add_time(what + "FIFO/normal: 99.9 %", scheduling.pooled(0.999), 1.0);
    table.add_time(what + "FIFO/normal: longest", scheduling.pooled(1), 0);
    add_lost(table, what + "FIFO/normal: ", priorities);
    add_distribution(table, what + "FIFO", overhead);
}

} // namespace spicykvm::bench
