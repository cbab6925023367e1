// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Whether a mouse that moves wakes the daemon while the guest has nothing.
#include "bench/bare_loop.h"
#include "bench/figures.h"
#include "bench/program.h"
#include "bench/threads.h"

#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <thread>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kRate = 8000;
constexpr char kWhat[] = "inactive, 8000 motions: wake-ups of the daemon";

std::uint64_t woken_by_motion(Device& device, const std::function<std::uint64_t()>& sleeps) {
    const std::uint64_t before = sleeps();
    std::vector<TimePoint> sent(kRate);
    inject(device, Stream::Motion, kRate, sent);
    std::this_thread::sleep_for(50ms);
    return sleeps() - before;
}

} // namespace

void measure_wakeups(const Options& options, Table& table) {
    if (options.device != DeviceKind::Uinput || !std::filesystem::exists(options.daemon)) {
        return table.add_skipped(kWhat, "--uinput --daemon");
    }
    sleep_exactly();
    const auto bare_device = make_device(options.device);
    const BareLoop bare(bare_device->open_bare(), -1, 0);
    const auto device = make_device(options.device);
    const Daemon daemon(options.daemon, Daemon::Start::Inactive);
    std::this_thread::sleep_for(1s); // it has just connected
    const auto baseline = woken_by_motion(*bare_device, [&] { return sleeps(bare.thread()); });
    const auto ours = woken_by_motion(*device, [&] { return daemon.program().sleeps(); });
    // The server's pings are answered now and then.
    constexpr std::uint64_t kMost = 4;
    table.add({kWhat, fmt::format("<= {}", kMost), std::to_string(ours), std::to_string(baseline),
               "-", judge(ours <= kMost, Verdict::Wrong)});
}

} // namespace spicykvm::bench
