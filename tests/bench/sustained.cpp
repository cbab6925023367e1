// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What 8000 motions a second into a real SPICE server cost.
#include "bench/bare_loop.h"
#include "bench/figures.h"
#include "bench/rig.h"
#include "bench/server_process.h"
#include "bench/threads.h"

#include <array>
#include <fmt/format.h>
#include <functional>
#include <thread>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kRate = 8000;
constexpr double kLimit = 1.5;

struct Block {
    Samples cpu; ///< a motion's
    std::int64_t missing = 0;
    std::size_t messages = 0;
};

/// The sum of what arrived, once it is `expected` or has not changed any more.
ServerProcess::Seen settle(ServerProcess& server, std::int64_t expected) {
    auto seen = server.seen();
    for (int i = 0; i < 50 && seen.dx != expected; ++i) {
        std::this_thread::sleep_for(10ms);
        seen = server.seen();
    }
    return seen;
}

Block run_block(Device& device, pid_t thread, ServerProcess& server, std::size_t count) {
    std::vector<TimePoint> sent(count);
    server.forget();
    const auto before = cpu_time(thread);
    inject(device, Stream::Motion, kRate, sent);
    const auto expected = static_cast<std::int64_t>(count);
    const auto seen = settle(server, expected);
    Block block;
    block.cpu.add(static_cast<double>((cpu_time(thread) - before).count()) /
                  static_cast<double>(count));
    block.missing = expected - seen.dx;
    block.messages = seen.motions;
    return block;
}

} // namespace

void measure_sustained(const Options& options, Table& table) {
    sleep_exactly();
    ServerProcess server;
    ServerProcess bare_server;
    GuestConnection connection(server.uri());
    GuestConnection bare_connection(bare_server.uri());
    const auto device = make_device(options.device);
    const auto bare_device = make_device(options.device);
    Rig rig(device->open_node(), connection.take_input(), kDefaultPriority);
    rig.activate();
    const auto bare_input = bare_connection.take_input();
    const BareLoop bare(bare_device->open_bare(), bare_input->fd(), kDefaultPriority);

    const auto count = static_cast<std::size_t>(4 * options.block_seconds * kRate);
    Comparison cpu;
    std::array<std::int64_t, 2> missing{};
    std::array<std::size_t, 2> messages{};
    for (unsigned pair = 0; pair < options.pairs; ++pair) {
        std::array<Block, 2> blocks;
        for (const unsigned turn : {pair % 2, 1 - pair % 2}) {
            blocks[turn] = turn == 0 ? run_block(*device, rig.thread(), server, count)
                                     : run_block(*bare_device, bare.thread(), bare_server, count);
        }
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            missing[i] += std::abs(blocks[i].missing);
            messages[i] += blocks[i].messages;
        }
        cpu.add(std::move(blocks[0].cpu), std::move(blocks[1].cpu));
    }
    const auto what = fmt::format("{} motions/s into libspice-server: ", kRate);
    table.add_time(what + "CPU time of one", cpu.at(0.5), kLimit);
    // The kernel drops what is not read in time; the injected events wait.
    const bool real = options.device == DeviceKind::Uinput;
    table.add({fmt::format("{}lost of {}", what, count * options.pairs), real ? "-" : "0",
               std::to_string(missing[0]), std::to_string(missing[1]), "-",
               real ? Verdict::Shown : judge(missing[0] == 0, Verdict::Wrong)});
    table.add(
        {what + "messages", "-", std::to_string(messages[0]), std::to_string(messages[1]),
         fmt::format("{:.2f}", static_cast<double>(messages[0]) / static_cast<double>(messages[1])),
         Verdict::Shown});
}

} // namespace spicykvm::bench
