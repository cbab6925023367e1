// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "core/switch_machine.h"
#include "ddc/away_file.h"
#include "ddc/helper_client.h"
#include "ddc/hook_runner.h"
#include "ddc/monitor_switch.h"

#include <string>
#include <vector>

namespace spicykvm::ddc {

/// One result as a step of a switch: "monitor:<name>".
[[nodiscard]] core::StepResult to_step(const MonitorResult& result);

/// The monitors as a step of the switch: ties MonitorSwitch to the helper, the loop's clock and the
/// file of what is away. Main loop.
///
/// Monitors may be deaf for up to 10 s after a switch. So one that could not be brought home is
/// tried again 2, 4 and 8 s later, unless a newer switch comes.
class MonitorStep final : public core::SwitchStep, private MonitorSwitchPort {
  public:
    /// `client` must outlive it. `away_path`: see AwayFile.
    MonitorStep(EventLoop& loop, HelperClient& client, std::string away_path);
    ~MonitorStep();

    /// One entry per target, in the order of TargetId; holds from the next switch.
    void configure(const std::vector<TargetMonitors>& targets);
    /// After the first configure(): brings home what a run that crashed has left away, and logs how
    /// it went. Returns whether there is something.
    bool repair();

    /// One monitor alone. `done` is called once, not from inside, with nothing if it is not
    /// configured; a run() meanwhile ends it first. cancel() forgets it.
    void travel(const Trip& trip, std::function<void(std::optional<MonitorResult>)> done);
    /// See MonitorSwitch.
    void came_home(const std::string& target, const std::string& monitor) {
        switch_.came_home({target, monitor});
    }
    void forget_values() { switch_.forget_values(); }
    [[nodiscard]] bool idle() const noexcept { return switch_.idle(); }

    void run(std::optional<core::TargetId> side, Done done) override;
    void cancel() override;

  private:
    void go(const std::string& target, MonitorSwitch::Done done);
    void go_home_and_log();
    /// Whether a way home that came to `results` will be tried again.
    bool plan_another_try(const std::vector<MonitorResult>& results);
    void forget_other_tries();
    void send(const Request& request) override;
    void run_hook(std::uint64_t serial, const MonitorJob& job) override;
    void stop_hooks() override;
    void save(const AwayList& away) override;
    void rearm();

    HelperClient& client_;
    HookRunner hooks_;
    AwayFile file_;
    MonitorSwitch switch_;
    std::vector<std::string> names_; ///< of the targets
    Timer timer_;
    Timer another_try_;
    std::size_t other_tries_ = 0;                                ///< of this way home
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); ///< shared with pending replies
};

} // namespace spicykvm::ddc
