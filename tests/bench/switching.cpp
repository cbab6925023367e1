// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// How fast keyboard and mouse go to the guest, and how fast they are back.
#include "bench/bare_hops.h"
#include "bench/figures.h"
#include "bench/rig.h"
#include "bench/threads.h"
#include "core/panic_chord.h"
#include "spice/inputs_channel.h"

#include <array>
#include <cstring>
#include <linux/input.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

using namespace std::chrono_literals;

constexpr double kLimit = 1e6; // 1 ms
constexpr auto kMotionPeriod = 100us;

enum class Network {
    Warm,
    Dead, ///< the socket has no room, and nobody will ever make any
};

/// Also for the kernel's time stamps, of microseconds: a tap has to have a length.
void rest() {
    std::this_thread::sleep_for(3ms);
}

std::unique_ptr<core::GuestInput> make_guest(Network network, Fd& far_end) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::runtime_error("socketpair");
    }
    far_end = Fd(ends[1]);
    const std::array<char, 4096> filler{};
    while (network == Network::Dead &&
           ::send(ends[0], filler.data(), filler.size(), MSG_DONTWAIT) > 0) {
    }
    return std::make_unique<spice::InputsChannel>(Fd(ends[0]));
}

enum class WayHome { Hotkey, PanicChord, Command };

/// The daemon's switch and the bare one, each with a device of its own.
class Switches {
  public:
    Switches(const Options& options, Network network, int rt_priority)
        : device_(make_device(options.device)), bare_device_(make_device(options.device)),
          host_(device_->open_as_host()),
          rig_(device_->open_node(), make_guest(network, far_end_), rt_priority),
          hops_(bare_device_->open_bare(), rt_priority) {}

    struct Figures {
        Comparison there;
        Comparison back;
        Comparison host; ///< back, until the host has an event again
    };
    void measure(WayHome way, unsigned times, Figures& figures);

  private:
    void go(Samples& ours, Samples& baseline);
    TimePoint come_back(WayHome way);
    void bare_back(WayHome way, Samples& baseline);
    TimePoint host_has_it();

    std::unique_ptr<Device> device_;
    std::unique_ptr<Device> bare_device_;
    Fd host_;
    Fd far_end_;
    Rig rig_;
    BareHops hops_;
};

void Switches::measure(WayHome way, unsigned times, Figures& figures) {
    Samples there;
    Samples bare_there;
    Samples back;
    Samples bare_back_times;
    Samples host;
    for (unsigned i = 0; i < times; ++i) {
        go(there, bare_there);
        rest();
        const TimePoint begun = come_back(way);
        if (host_.valid()) {
            host.add(host_has_it() - begun);
        }
        rig_.wait_for(core::SwitchState::Inactive);
        back.add(rig_.ungrabbed_at() - begun);
        bare_back(way, bare_back_times);
        rest();
    }
    figures.there.add(std::move(there), std::move(bare_there));
    figures.host.add(std::move(host), bare_back_times);
    figures.back.add(std::move(back), std::move(bare_back_times));
}

void Switches::go(Samples& ours, Samples& baseline) {
    device_->key(Rig::kHotkey, true);
    rest();
    TimePoint begun = Clock::now();
    device_->key(Rig::kHotkey, false);
    rig_.wait_for(core::SwitchState::Active);
    ours.add(rig_.grabbed_at() - begun);

    bare_device_->key(Rig::kHotkey, true);
    rest();
    begun = Clock::now();
    bare_device_->key(Rig::kHotkey, false);
    baseline.add(hops_.wait().back - begun);
}

/// Begins; when the last event was made, or the command decided.
TimePoint Switches::come_back(WayHome way) {
    TimePoint begun;
    if (way == WayHome::Command) {
        return rig_.ask_to_leave();
    }
    if (way == WayHome::Hotkey) {
        device_->key(Rig::kHotkey, true);
        rest();
        begun = Clock::now();
        device_->key(Rig::kHotkey, false);
        return begun;
    }
    for (const std::uint16_t code : core::PanicChord::kKeys) {
        begun = Clock::now();
        device_->key(code, true);
    }
    for (const std::uint16_t code : core::PanicChord::kKeys) {
        device_->key(code, false);
    }
    return begun;
}

void Switches::bare_back(WayHome way, Samples& baseline) {
    if (way == WayHome::Command) {
        hops_.start_there();
        const auto times = hops_.wait();
        return baseline.add(times.back - times.decided);
    }
    bare_device_->key(Rig::kHotkey, true);
    rest();
    const TimePoint begun = Clock::now();
    bare_device_->key(Rig::kHotkey, false);
    baseline.add(hops_.wait().read - begun);
}

/// Motion until the host sees some of it; not more than the kernel keeps for a while.
TimePoint Switches::host_has_it() {
    std::array<input_event, 64> events;
    for (const TimePoint deadline = Clock::now() + 2s; Clock::now() < deadline;) {
        device_->move(1, 0);
        std::this_thread::sleep_for(kMotionPeriod);
        const ssize_t size = ::read(host_.get(), events.data(), sizeof events);
        const TimePoint now = Clock::now();
        for (std::size_t i = 0; static_cast<ssize_t>(i * sizeof events[0]) < size; ++i) {
            if (events[i].type == EV_REL) {
                return now;
            }
        }
    }
    throw std::runtime_error("the host does not get its mouse back");
}

void add_ways_home(Table& table, const std::string& prefix, Switches& switches, unsigned times,
                   Switches::Figures& all) {
    constexpr std::pair<WayHome, const char*> kWays[] = {
        {WayHome::Hotkey, "hotkey to ungrab"},
        {WayHome::PanicChord, "panic chord to ungrab"},
        {WayHome::Command, "command to ungrab"}};
    for (const auto& [way, name] : kWays) {
        Switches::Figures figures;
        switches.measure(way, times, figures);
        table.add_deadline(prefix + name + ", median", figures.back.at(0.5), kLimit);
        table.add_deadline(prefix + name + ", 99 %", figures.back.at(0.99), kLimit);
        if (const auto host = figures.host.at(0.5); host.ours > 0) {
            table.add_deadline(prefix + name + " to an event at the host, median", host, kLimit);
        }
        all.there = std::move(figures.there);
    }
}

} // namespace

void measure_switching(const Options& options, Table& table) {
    sleep_exactly();
    const unsigned times = options.pairs * 10;
    for (const Network network : {Network::Warm, Network::Dead}) {
        const std::string prefix = network == Network::Dead ? "dead network: " : "";
        const bool realtime = Realtime(kDefaultPriority).granted();
        Switches switches(options, network, realtime ? kDefaultPriority : 0);
        Switches::Figures all;
        add_ways_home(table, prefix, switches, times, all);
        table.add_deadline(prefix + "hotkey to grab, median", all.there.at(0.5), kLimit);
        table.add_time(prefix + "hotkey to grab, 99 %", all.there.at(0.99), 0);
    }
}

} // namespace spicykvm::bench
