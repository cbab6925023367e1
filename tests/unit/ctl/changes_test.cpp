// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/changes.h"
#include "ctl/report.h"
#include "unit/ctl/fake_daemon.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Changes : public testing::Test {
  protected:
    /// The lines since the last call.
    std::vector<std::string> told() { return std::exchange(lines_, {}); }

    std::vector<std::string> lines_;
    ChangeReporter reporter_{[this](const Event& event) { lines_.push_back(to_line(event)); }};
    Status status_ = sample_status();
};

TEST_F(Changes, BeginWithHowThingsStand) {
    reporter_.update(status_);
    EXPECT_THAT(told(), ElementsAre("state   active win11", "target  win11 connected"));
}

TEST_F(Changes, BeginWithADaemonThatIsNotThere) {
    reporter_.gone();
    EXPECT_THAT(told(), ElementsAre("daemon  not running"));
    reporter_.gone();
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Changes, AreToldOnlyWhenSomethingHasChanged) {
    reporter_.update(status_);
    (void)told();
    status_.metrics["keys_sent"] = 43;
    reporter_.update(status_);
    EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Changes, OfTheStateAreTold) {
    reporter_.update(status_);
    (void)told();
    status_.state = "deactivating";
    reporter_.update(status_);
    status_.state = "inactive";
    status_.active_target = "";
    reporter_.update(status_);
    EXPECT_THAT(told(), ElementsAre("state   deactivating win11", "state   inactive"));
}

TEST_F(Changes, OfOneTargetAreToldForThatTarget) {
    Target other = sample_target();
    other.name = "other";
    status_.targets.push_back(other);
    reporter_.update(status_);
    (void)told();
    status_.targets[1].connection = "waiting";
    status_.targets[1].last_error = "refused";
    reporter_.update(status_);
    EXPECT_THAT(told(), ElementsAre("target  other waiting (refused)"));
}

TEST_F(Changes, OfTheConfigurationAreTold) {
    reporter_.update(status_);
    (void)told();
    status_.targets[0].name = "other";
    reporter_.update(status_);
    EXPECT_THAT(told(), ElementsAre("target  other connected", "target  win11 gone"));
}

TEST_F(Changes, TellWhenTheDaemonComesAndGoes) {
    reporter_.update(status_);
    (void)told();
    reporter_.gone();
    EXPECT_THAT(told(), ElementsAre("daemon  not running"));
    status_.state = "inactive";
    status_.active_target = "";
    reporter_.update(status_);
    EXPECT_THAT(told(), ElementsAre("daemon  running", "state   inactive"));
}

TEST_F(Changes, PassSwitchesOn) {
    reporter_.finished({"win11", "activated", {}});
    EXPECT_THAT(told(), ElementsAre("switch  win11 activated"));
}

} // namespace
} // namespace spicykvm::ctl
