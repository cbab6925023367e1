// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvm-bench: what docs/benchmarks.md promises, measured against the least that could do it.
#include "base/log.h"
#include "bench/figures.h"
#include "bench/server_process.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <functional>

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
        {"switching", measure_switching}, {"wakeups", measure_wakeups},
        {"decisions", measure_decisions}, {"memory", measure_memory},
    };
    return all;
}

int run(const Options& options) {
    Table table(options.device == DeviceKind::Uinput ? "event node: " : "", options.continued);
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

std::vector<std::string> names() {
    std::vector<std::string> list;
    for (const Figure& figure : figures()) {
        list.push_back(figure.name);
    }
    return list;
}

} // namespace
} // namespace spicykvm::bench

int main(int argc, char** argv) {
    using namespace spicykvm::bench;
    Options options;
    bool uinput = false;
    CLI::App app("Measures spicykvm against the least that could do the same.");
    app.add_flag("--uinput", uinput, "events of a real event node, made with /dev/uinput");
    app.add_option("--pairs", options.pairs, "blocks of each contender")->capture_default_str();
    app.add_option("--seconds", options.block_seconds, "length of a block")->capture_default_str();
    app.add_option("--daemon", options.daemon, "spicykvmd, to measure its memory");
    app.add_option("--only", options.only, "one figure")->check(CLI::IsMember(names()));
    app.add_flag("--continued", options.continued, "without the table's headings");
    std::string serve_at;
    int pipe = -1;
    app.add_option("--serve", serve_at)->group(""); // what the program starts itself as
    app.add_option("--pipe", pipe)->group("");
    CLI11_PARSE(app, argc, argv);
    options.device = uinput ? DeviceKind::Uinput : DeviceKind::Pipe;
    ::signal(SIGPIPE, SIG_IGN);
    spicykvm::setup_logging("spicykvm-bench", spdlog::level::err);
    return serve_at.empty() ? run(options) : serve(serve_at, pipe);
}
