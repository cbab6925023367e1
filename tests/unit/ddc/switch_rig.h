// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/helper/worker.h"
#include "ddc/monitor_switch.h"
#include "support/bad_monitor.h"
#include "support/sysfs_tree.h"

#include <optional>
#include <string>
#include <vector>

namespace spicykvm::ddc {

/// A MonitorSwitch with the helper's worker behind its port, in virtual time.
class SwitchRig final : private MonitorSwitchPort {
  public:
    /// A monitor with its connector "card1-DP-<bus>".
    test::BadMonitor& add_monitor(unsigned bus, test::Habits habits = {}) {
        const std::string connector = "card1-DP-" + std::to_string(bus);
        tree.connector(connector, habits.edid);
        tree.aux(connector, bus);
        return nodes.add(bus, std::move(habits));
    }

    /// Lets time pass until nothing is left to do, or until `stop`.
    void run(std::optional<TimePoint> stop = {}) {
        while (step(stop)) {
        }
        waiting.time = std::max(waiting.time, stop.value_or(waiting.time));
    }
    /// Until a set has been handed to the helper, which has not done it yet.
    void run_to_set() {
        while (!(pending && pending->operation == Operation::Set) && step({})) {
        }
    }

    void go(const std::string& target) {
        results.clear();
        monitors.go(target, waiting.time,
                    [this](std::vector<MonitorResult> given) { results = std::move(given); });
    }
    /// A whole switch; its results.
    std::vector<MonitorResult> switch_to(const std::string& target) {
        go(target);
        run();
        return results;
    }

    test::TempFolder folder;
    test::SysfsTree tree{folder.path()};
    test::FakeWaiting waiting;
    test::BadNodes nodes{[this] { return waiting.time; }};
    Worker worker{nodes, waiting, folder.path()};
    BusTiming timing;
    MonitorSwitch monitors{*this, timing};
    std::vector<MonitorResult> results;
    std::vector<Request> sent;
    std::vector<AwayList> saved;
    std::optional<Error> failure; ///< of the helper, instead of replies
    std::optional<Request> pending;
    std::vector<std::uint64_t> hooks; ///< that were started, by their serials
    std::vector<std::string> hook_words;
    unsigned hooks_stopped = 0;

  private:
    bool step(std::optional<TimePoint> stop) {
        if (pending) {
            const Request request = *std::exchange(pending, std::nullopt);
            monitors.on_reply(reply_to(request), waiting.time);
            return true;
        }
        const auto wake = monitors.wake_at();
        if (!wake || (stop && *wake > *stop)) {
            return false;
        }
        waiting.time = std::max(waiting.time, *wake);
        monitors.on_time(waiting.time);
        return true;
    }
    Result<Reply> reply_to(const Request& request) {
        if (failure) {
            return Failure(*failure);
        }
        return worker.handle(request);
    }

    void send(const Request& request) override {
        sent.push_back(request);
        pending = request;
    }
    void run_hook(std::uint64_t serial, const MonitorJob& job) override {
        hooks.push_back(serial);
        hook_words = job.settings().home.hook.words;
    }
    void stop_hooks() override { ++hooks_stopped; }
    void save(const AwayList& away) override { saved.push_back(away); }
};

} // namespace spicykvm::ddc
