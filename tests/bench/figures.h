// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/device.h"
#include "bench/table.h"

#include <string>
#include <vector>

namespace spicykvm::bench {

struct Options {
    DeviceKind device = DeviceKind::Pipe;
    unsigned pairs = 12; ///< blocks of each contender
    double block_seconds = 0.5;
    std::string daemon;          ///< spicykvmd, for its memory
    std::vector<unsigned> buses; ///< real /dev/i2c-N, each with a monitor; none: scripted ones
    std::string only;            ///< the figure's name; empty: all
    bool continued = false;      ///< no headings: the table goes on
};

// The figures of docs/benchmarks.md; each adds its rows.
void measure_latency(const Options& options, Table& table);
void measure_latency_under_load(const Options& options, Table& table);
void measure_sustained(const Options& options, Table& table);
void measure_stalls(const Options& options, Table& table);
void measure_wakeups(const Options& options, Table& table);
void measure_switching(const Options& options, Table& table);
void measure_monitors(const Options& options, Table& table);
void measure_decisions(const Options& options, Table& table);
void measure_memory(const Options& options, Table& table);

/// What the daemon asks for by default.
inline constexpr int kDefaultPriority = 10;

} // namespace spicykvm::bench
