// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What a key waits behind while the server stalls or the network is slow and the mouse moves.
#include "bench/bare_loop.h"
#include "bench/figures.h"
#include "bench/relay.h"
#include "bench/rig.h"
#include "bench/server_process.h"
#include "bench/threads.h"
#include "core/motion_pacer.h"
#include "spice/inputs_channel.h"

#include <fmt/format.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto kStall = 50ms;
constexpr auto kOneWay = 10ms;
constexpr auto kMotionPeriod = 125us;   // 8000 a second
constexpr unsigned kMotionsPerKey = 40; // a key every 5 ms

/// A device whose events reach a real server over a relay.
class Line {
  public:
    enum class Client { InputThread, BareLoop };

    Line(const Options& options, Client client, Milliseconds one_way)
        : device_(make_device(options.device)), connection_(server_.uri()),
          linked_(connection_.take_input()) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw std::runtime_error("socketpair");
        }
        Fd near(ends[0]);
        relay_ = std::make_unique<Relay>(Fd(ends[1]), Fd(::dup(linked_->fd())), one_way);
        if (client == Client::InputThread) {
            rig_ = std::make_unique<Rig>(
                device_->open_node(), std::make_unique<spice::InputsChannel>(std::move(near)), 0);
            rig_->activate();
        } else {
            bare_ = std::make_unique<BareLoop>(device_->open_bare(), near.get(), 0);
            bare_socket_ = std::move(near);
        }
    }
    ~Line() {
        rig_.reset();
        bare_.reset();
        relay_.reset();
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    struct Keys {
        std::vector<TimePoint> made;
        std::vector<TimePoint> arrived;
        std::vector<unsigned> behind; ///< motions before each
    };
    /// Motion and keys; then wait_for() them.
    Keys run(Clock::duration duration);
    void wait_for(Keys& keys);
    [[nodiscard]] ServerProcess& server() noexcept { return server_; }

  private:
    std::unique_ptr<Device> device_;
    ServerProcess server_;
    GuestConnection connection_;
    std::unique_ptr<core::GuestInput> linked_;
    Fd bare_socket_;
    std::unique_ptr<Relay> relay_;
    std::unique_ptr<Rig> rig_;
    std::unique_ptr<BareLoop> bare_;
};

Line::Keys Line::run(Clock::duration duration) {
    Keys keys;
    bool down = false;
    (void)relay_->take_counts();
    const TimePoint begun = Clock::now();
    const auto motions = duration / kMotionPeriod;
    for (long i = 1; i <= motions || down; ++i) {
        std::this_thread::sleep_until(begun + i * kMotionPeriod);
        device_->move(1, 0);
        if (i % kMotionsPerKey == 0) {
            down = !down;
            keys.made.push_back(Clock::now());
            device_->key(KEY_A, down);
        }
    }
    return keys;
}

void Line::wait_for(Keys& keys) {
    for (int i = 0; i < 200 && keys.arrived.size() < keys.made.size(); ++i) {
        std::this_thread::sleep_for(10ms);
        keys.arrived = server_.seen().keys; // a byte of scancode each
    }
    keys.behind = relay_->take_counts();
    if (rig_) {
        rig_->check();
    }
    if (keys.arrived.size() != keys.made.size()) {
        throw std::runtime_error(fmt::format("{}: {} of {} keys arrived",
                                             rig_ ? "input thread" : "bare loop",
                                             keys.arrived.size(), keys.made.size()));
    }
}

struct Figures {
    Samples behind; ///< motions before a key
    Samples delay;  ///< of a key, since the end of the stall or since it was made
};

/// What is pressed during the stall.
Figures stall_once(Line& line) {
    line.server().forget();
    line.server().begin_stall(kStall);
    Line::Keys keys = line.run(kStall + 20ms);
    const auto stall = line.server().end_stall();
    line.wait_for(keys);
    Figures figures;
    for (std::size_t i = 0; i < keys.made.size(); ++i) {
        if (keys.made[i] > stall.begin && keys.made[i] < stall.end) {
            figures.behind.add(keys.behind[i]);
            figures.delay.add(keys.arrived[i] - stall.end);
        }
    }
    return figures;
}

Figures cross_slow_wire(Line& line) {
    line.server().forget();
    Line::Keys keys = line.run(500ms);
    line.wait_for(keys);
    Figures figures;
    for (std::size_t i = 0; i < keys.made.size(); ++i) {
        figures.behind.add(keys.behind[i]);
        figures.delay.add(keys.arrived[i] - keys.made[i]);
    }
    return figures;
}

void compare(const Options& options, Milliseconds one_way, Figures (*run)(Line&),
             const std::string& what, Table& table) {
    Line ours(options, Line::Client::InputThread, one_way);
    Line bare(options, Line::Client::BareLoop, one_way);
    Comparison behind;
    Comparison delay;
    for (unsigned pair = 0; pair < options.pairs; ++pair) {
        Figures one = run(ours);
        Figures other = run(bare);
        behind.add(std::move(one.behind), std::move(other.behind));
        delay.add(std::move(one.delay), std::move(other.delay));
    }
    const Estimate most = behind.pooled(1);
    const double limit = core::MotionPacer::kWindow;
    table.add({what + ": motions before a key, at most", fmt::format("<= {}", limit),
               fmt::format("{}", most.ours), fmt::format("{}", most.baseline), to_ratio(most),
               judge(most.ours <= limit, Verdict::Wrong)});
    table.add_time(what + ": key " + (one_way > 0ms ? "made" : "let through") + " to guest, median",
                   delay.at(0.5), 0);
    table.add_time(what + ": longest", delay.pooled(1), 0);
}

} // namespace

void measure_stalls(const Options& options, Table& table) {
    if (options.device != DeviceKind::Pipe) {
        return table.add_skipped("stalls", "injected only"); // no drops
    }
    sleep_exactly();
    compare(options, 0ms, stall_once, "server stalls 50 ms", table);
    compare(options, kOneWay, cross_slow_wire, "link of 20 ms", table);
}

} // namespace spicykvm::bench
