// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "ddc/displays.h"
#include "ddc/helper_client.h"
#include "ddc/monitor_step.h"
#include "targets.h"

#include <optional>
#include <string>

namespace spicykvm {

/// The monitors of a target as `daemon/ddc` wants them; InvalidArgument: what is wrong with which.
[[nodiscard]] Result<ddc::TargetMonitors> target_monitors(const config::TargetConfig& target);

/// Where the monitors' part finds its things.
struct MonitorPaths {
    ddc::HelperCommand helper; ///< spicykvm-ddc
    std::string away_state;    ///< see ddc::AwayFile
};

/// As installed, or in the build folder; the state in $RUNTIME_DIRECTORY, else $XDG_RUNTIME_DIR.
[[nodiscard]] MonitorPaths monitor_paths();

/// The monitors of all targets as a step of the switch, and for people who look at them while there
/// is none. Main loop.
class Monitors final : private core::SwitchStep {
  public:
    Monitors(EventLoop& loop, const MonitorPaths& paths);

    /// Targets of `order`, and one that is left just now and not in there any more. With monitors
    /// for the first time, the helper is started and what a crash has left away is brought home.
    void configure(const Targets& targets, std::optional<core::TargetId> leaving);

    [[nodiscard]] core::SwitchStep& step() noexcept { return *this; }
    [[nodiscard]] core::DisplaysPort& displays() noexcept { return displays_; }

  private:
    void run(std::optional<core::TargetId> side, Done done) override;
    void cancel() override;

    ddc::HelperClient helper_;
    ddc::MonitorStep step_;
    ddc::Displays displays_;
    bool repaired_ = false;
};

} // namespace spicykvm
