// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "ddc/displays.h"
#include "ddc/helper_client.h"
#include "ddc/monitor_step.h"
#include "ddc/return_tester.h"
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
class Monitors final : private core::SwitchStep, private core::DisplaysPort {
  public:
    Monitors(EventLoop& loop, const MonitorPaths& paths);

    /// Targets of `order`, and one that is left just now and not in there any more. With monitors
    /// for the first time, the helper is started and what a crash has left away is brought home.
    void configure(const Targets& targets, std::optional<core::TargetId> leaving);

    [[nodiscard]] core::SwitchStep& step() noexcept { return *this; }
    [[nodiscard]] core::DisplaysPort& displays() noexcept { return *this; }
    /// Calls back when no monitor is away for a test any more.
    void end_test(EventLoop::Callback done);

  private:
    void run(std::optional<core::TargetId> side, Done done) override;
    void cancel() override;

    void list(ListDone done) override { displays_.list(std::move(done)); }
    void get(std::string_view display, std::uint8_t feature, GetDone done) override {
        displays_.get(display, feature, std::move(done));
    }
    [[nodiscard]] Result<std::uint16_t> check(std::uint8_t feature,
                                              std::string_view text) const override {
        return ddc::Displays::check(feature, text);
    }
    void set(std::string_view display, std::uint8_t feature, std::uint16_t value,
             SetDone done) override {
        displays_.set(display, feature, value, [this, done = std::move(done)](auto result) {
            step_.forget_values(); // whatever became of it
            done(std::move(result));
        });
    }
    void capabilities(std::string_view display, CapabilitiesDone done) override {
        displays_.capabilities(display, std::move(done));
    }
    void test_return(std::string_view target, std::string_view monitor, Milliseconds away,
                     TestDone done) override;
    void stop_test() override;

    ddc::HelperClient helper_;
    ddc::MonitorStep step_;
    ddc::Displays displays_;
    ddc::ReturnTester tester_;
    std::vector<ddc::TargetMonitors> targets_;
    bool at_home_ = true; ///< no target has the monitors, and no switch is under way
    bool repaired_ = false;
};

} // namespace spicykvm
