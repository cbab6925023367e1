// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvm-bench: what docs/benchmarks.md promises, measured against the least that could do it.
#include "base/log.h"
#include "bench/figures.h"
#include "bench/server_process.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <functional>
#include <getopt.h>
#include <string>
#include <vector>

namespace spicykvm::bench {
namespace {

struct Figure {
    std::string name;
    std::function<void(const Options&, Table&)> measure;
};

const std::vector<Figure>& figures() {
    static const std::vector<Figure> all = {
        {"latency", measure_latency},     {"load", measure_latency_under_load},
        {"sustained", measure_sustained}, {"stalls", measure_stalls},
        {"switching", measure_switching}, {"monitors", measure_monitors},
        {"wakeups", measure_wakeups},     {"decisions", measure_decisions},
        {"memory", measure_memory},
    };
    return all;
}

int run(const Options& options) {
    Table table(options.device == DeviceKind::Uinput ? "node: " : "", options.continued);
    bool failed = false;
    for (const Figure& figure : figures()) {
        if (!options.only.empty() && figure.name != options.only) {
            continue;
        }
        try {
            figure.measure(options, table);
        } catch (const std::exception& error) {
            fmt::print(stderr, "{}: {}\n", figure.name, error.what());
            failed = true;
        }
    }
    return failed || table.count(Verdict::Wrong) > 0 ? 1 : 0;
}

constexpr char kUsage[] = R"(Measures spicykvm against the least that could do the same.
Usage: spicykvm-bench [OPTION...]
  --uinput          events of a real event node, made with /dev/uinput
  --pairs N         blocks of each contender (12)
  --seconds S       length of a block (0.5)
  --daemon PATH     spicykvmd, for the figures of the whole process
  --bus N           a real /dev/i2c-N with a monitor; repeatable (none: scripted ones)
  --only FIGURE     latency, load, sustained, stalls, switching, monitors, wakeups, decisions, memory
  --continued       without the table's headings
)";

/// What the program is started with, also by itself.
struct CommandLine {
    Options options;
    std::string serve_at; ///< be the SPICE server there
    int pipe = -1;
    bool good = true;
};

CommandLine parse(int argc, char** argv) {
    static const option kOptions[] = {
        {"uinput", no_argument, nullptr, 'u'},        {"pairs", required_argument, nullptr, 'n'},
        {"seconds", required_argument, nullptr, 's'}, {"daemon", required_argument, nullptr, 'd'},
        {"bus", required_argument, nullptr, 'b'},     {"only", required_argument, nullptr, 'o'},
        {"continued", no_argument, nullptr, 'c'},     {"serve", required_argument, nullptr, 'S'},
        {"pipe", required_argument, nullptr, 'P'},    {nullptr, 0, nullptr, 0}};
    CommandLine line;
    for (int c = 0; (c = ::getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
        const std::string value = optarg != nullptr ? optarg : "";
        switch (c) {
        case 'u':
            line.options.device = DeviceKind::Uinput;
            break;
        case 'n':
            line.options.pairs = static_cast<unsigned>(std::stoul(value));
            break;
        case 's':
            line.options.block_seconds = std::stod(value);
            break;
        case 'd':
            line.options.daemon = value;
            break;
        case 'b':
            line.options.buses.push_back(static_cast<unsigned>(std::stoul(value)));
            break;
        case 'o':
            line.options.only = value;
            break;
        case 'c':
            line.options.continued = true;
            break;
        case 'S':
            line.serve_at = value;
            break;
        case 'P':
            line.pipe = std::stoi(value);
            break;
        default:
            line.good = false;
        }
    }
    const auto known = [&](const Figure& figure) { return figure.name == line.options.only; };
    line.good =
        line.good && optind == argc &&
        (line.options.only.empty() || std::any_of(figures().begin(), figures().end(), known));
    return line;
}

} // namespace
} // namespace spicykvm::bench

int main(int argc, char** argv) {
    using namespace spicykvm::bench;
    const CommandLine line = parse(argc, argv);
    if (!line.good) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    ::signal(SIGPIPE, SIG_IGN);
    spicykvm::setup_logging("spicykvm-bench", spdlog::level::err);
    return line.serve_at.empty() ? run(line.options) : serve(line.serve_at, line.pipe);
}
