// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What spicykvm adds to the time that DDC/CI takes by itself, and that nobody waits for monitors.
#include "bench/buses.h"
#include "bench/figures.h"
#include "bench/rig.h"
#include "bench/threads.h"
#include "ddc/monitor_step.h"
#include "spice/inputs_channel.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <linux/input.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

constexpr core::TargetId kTarget{};
/// DDC/CI 1.1: a display has this long after a set.
constexpr Milliseconds kRest{50};
/// What we may add, a monitor.
constexpr Milliseconds kOurs{10};

double nanoseconds(Milliseconds time) {
    return static_cast<double>(std::chrono::nanoseconds(time).count());
}

/// The daemon's part that is about monitors. Made, used and dropped on the main loop.
struct Part {
    Part(EventLoop& loop, const Buses& buses, std::size_t monitors, unsigned sets,
         const std::string& away)
        : client(loop, buses.helper()), step(loop, client, away) {
        ddc::TargetMonitors target{"guest", {}};
        for (std::size_t i = 0; i < monitors; ++i) {
            target.monitors.push_back(buses.monitor(i, sets));
        }
        step.configure({target});
        if (const auto started = client.start(); !started) {
            throw std::runtime_error(started.error().message);
        }
    }
    ddc::HelperClient client;
    ddc::MonitorStep step;
};

void check(const std::vector<core::StepResult>& results, std::size_t monitors) {
    const bool good = results.size() == monitors &&
                      std::ranges::all_of(results, [](const core::StepResult& result) {
                          return result.outcome == core::StepOutcome::Ok;
                      });
    if (!good) {
        throw std::runtime_error(results.empty()
                                     ? "no monitor was set"
                                     : results.front().step + ": " + results.front().reason);
    }
}

/// Two switches are a second apart; see MonitorSwitch::kMinInterval.
void rest() {
    std::this_thread::sleep_for(ddc::MonitorSwitch::kMinInterval + 20ms);
}

/// From the request of the switch until all monitors have acknowledged all their sets.
void measure_step(const std::string& what, const Options& options, Buses& buses,
                  std::size_t monitors, unsigned sets, Table& table) {
    const test::TempFolder folder;
    LoopThread loop;
    std::unique_ptr<Part> part;
    loop.run([&] {
        part = std::make_unique<Part>(loop.loop(), buses, monitors, sets, folder.path() / "away");
    });
    Comparison figures;
    for (unsigned i = 0; i < options.pairs; ++i) {
        const auto side = i % 2 == 0 ? std::optional(kTarget) : std::nullopt;
        std::promise<std::vector<core::StepResult>> done;
        rest();
        Samples ours;
        Samples least;
        TimePoint begun = Clock::now();
        loop.run([&] { part->step.run(side, [&](auto results) { done.set_value(results); }); });
        const auto results = done.get_future().get();
        ours.add(Clock::now() - begun);
        check(results, monitors);
        std::this_thread::sleep_for(2 * kRest);
        begun = Clock::now();
        for (unsigned set = 0; set < sets; ++set) {
            std::this_thread::sleep_for(set == 0 ? 0ms : kRest);
            for (std::size_t monitor = 0; monitor < monitors; ++monitor) {
                buses.set_bare(monitor, 0x11);
            }
        }
        least.add(Clock::now() - begun);
        figures.add(std::move(ours), std::move(least));
    }
    loop.run([&] { part.reset(); });
    const double limit = nanoseconds(kRest * (sets - 1) + kOurs * monitors);
    table.add_deadline(what + ", median", figures.at(0.5), limit);
    table.add_time(what + ", longest", figures.pooled(1.0), 0);
}

/// The daemon's switch, with and without monitors.
class Switch {
  public:
    Switch(const Options& options, int rt_priority) : device_(make_device(options.device)) {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            throw std::runtime_error("socketpair");
        }
        far_end_ = Fd(ends[1]);
        rig_ = std::make_unique<Rig>(
            device_->open_node(), std::make_unique<spice::InputsChannel>(Fd(ends[0])), rt_priority);
    }

    [[nodiscard]] Rig& rig() noexcept { return *rig_; }

    /// From the last event of the hotkey; each until everything that follows the keyboard is done.
    TimePoint go() { return tap(core::SwitchState::Active); }
    TimePoint come_back() { return tap(core::SwitchState::Inactive); }

  private:
    TimePoint tap(core::SwitchState state) {
        const unsigned finished = rig_->switches();
        device_->key(Rig::kHotkey, true);
        std::this_thread::sleep_for(3ms); // a tap has to have a length
        const TimePoint begun = Clock::now();
        device_->key(Rig::kHotkey, false);
        rig_->wait_for(state);
        rig_->wait_for_switches(finished + 1);
        return begun;
    }

    std::unique_ptr<Device> device_;
    Fd far_end_;
    std::unique_ptr<Rig> rig_;
};

/// Of all switches with monitors.
struct Order {
    unsigned early = 0; ///< sets that were on a bus before the input was where it should be
    std::size_t sets = 0;
    Samples last; ///< from the hotkey to the last set
};

void look(Buses& buses, TimePoint begun, TimePoint input, Order& order) {
    const auto sent = buses.sent();
    order.early += static_cast<unsigned>(
        std::ranges::count_if(sent, [&](TimePoint time) { return time < input; }));
    order.sets += sent.size();
    order.last.add(sent.empty() ? 0ns : std::ranges::max(sent) - begun);
}

void add_order(const std::string& what, const Order& order, std::size_t expected, Table& table) {
    table.add({what + ": sets before the input", "0", std::to_string(order.early), "-",
               fmt::format("of {}", order.sets),
               judge(order.early == 0 && order.sets == expected, Verdict::Wrong)});
    table.add({what + ": hotkey to the last set, median", "-", to_time(order.last.median()), "-",
               "-", Verdict::Shown});
}

/// The input comes home as fast as without monitors, and before any of them is asked.
void measure_order(const Options& options, Buses& buses, Table& table) {
    const test::TempFolder folder;
    const bool realtime = Realtime(kDefaultPriority).granted();
    const int priority = realtime ? kDefaultPriority : 0;
    Switch with(options, priority);
    Switch without(options, priority);
    with.rig().follow([&](EventLoop& loop) -> std::shared_ptr<core::SwitchStep> {
        auto part = std::make_shared<Part>(loop, buses, buses.size(), 1, folder.path() / "away");
        return {part, &part->step};
    });
    (void)buses.sent();
    Comparison figures;
    Order there;
    Order back;
    for (unsigned i = 0; i < options.pairs; ++i) {
        rest();
        TimePoint begun = with.go();
        look(buses, begun, with.rig().grabbed_at(), there);
        rest();
        begun = with.come_back();
        look(buses, begun, with.rig().ungrabbed_at(), back);
        Samples ours;
        ours.add(with.rig().ungrabbed_at() - begun);
        without.go();
        std::this_thread::sleep_for(3ms);
        begun = without.come_back();
        Samples alone;
        alone.add(without.rig().ungrabbed_at() - begun);
        figures.add(std::move(ours), std::move(alone));
    }
    const std::string what = fmt::format("{} monitors", buses.size());
    table.add_deadline(what + ": hotkey to ungrab, median", figures.at(0.5), 1e6);
    if (!buses.real()) {
        add_order(what + ", there", there, buses.size() * options.pairs, table);
        add_order(what + ", back", back, buses.size() * options.pairs, table);
    }
}

} // namespace

void measure_monitors(const Options& options, Table& table) {
    if (options.device == DeviceKind::Uinput && options.buses.empty()) {
        return table.add_skipped("monitors", "no --bus");
    }
    sleep_exactly();
    Buses buses(options.buses);
    measure_step("a monitor's input, to acknowledged", options, buses, 1, 1, table);
    measure_step("two features of it, 50 ms apart", options, buses, 1, 2, table);
    measure_step(fmt::format("the inputs of {} monitors", buses.size()), options, buses,
                 buses.size(), 1, table);
    measure_order(options, buses, table);
}

} // namespace spicykvm::bench
