// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the real daemon keeps in memory, connected and after a switch.
#include "bench/figures.h"
#include "bench/program.h"

#include <filesystem>
#include <fmt/format.h>
#include <stdexcept>
#include <thread>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

constexpr double kLimit = 12; // MiB

/// The same shared libraries, and nothing done with them.
std::string empty_program() {
    return std::filesystem::read_symlink("/proc/self/exe").replace_filename("spicykvm-bench-empty");
}

void wait_for_motion(Device& device, ServerProcess& server) {
    for (int i = 0; i < 500; ++i) {
        device.move(1, 0);
        std::this_thread::sleep_for(20ms);
        if (server.seen().dx > 0) {
            return;
        }
    }
    throw std::runtime_error("the daemon does not forward");
}

} // namespace

void measure_memory(const Options& options, Table& table) {
    // Without an event node there is nothing to grab.
    const bool real = options.device == DeviceKind::Uinput;
    const std::string what = real ? "daemon's memory, active: " : "daemon's memory, connected: ";
    if (!std::filesystem::exists(options.daemon)) {
        return table.add_skipped(what, "no --daemon");
    }
    const auto device = make_device(options.device);
    Daemon daemon(options.daemon, real ? Daemon::Start::Active : Daemon::Start::Inactive);
    const Program empty({empty_program()});
    if (real) {
        wait_for_motion(*device, daemon.server());
    }
    std::this_thread::sleep_for(500ms);
    auto ours = daemon.program().memory();
    auto least = empty.memory();
    for (const std::string kind : {"VmRSS", "RssAnon", "RssFile"}) {
        const bool whole = kind == "VmRSS";
        table.add({what + kind, whole ? fmt::format("< {} MiB", kLimit) : "-",
                   fmt::format("{:.1f} MiB", ours[kind]), fmt::format("{:.1f} MiB", least[kind]),
                   fmt::format("{:.2f}", ours[kind] / least[kind]),
                   whole ? judge(ours[kind] < kLimit) : Verdict::Shown});
    }
}

} // namespace spicykvm::bench
