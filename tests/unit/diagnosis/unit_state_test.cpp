// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/unit_state.h"

#include <csignal>
#include <gmock/gmock.h>

namespace spicykvm::diagnosis {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

UnitState failed(int status) {
    return {.load = "loaded",
            .active = "failed",
            .sub = "failed",
            .result = "exit-code",
            .exit_code = CLD_EXITED,
            .exit_status = status};
}

UnitState ended(const char* result) {
    UnitState state = failed(0);
    state.result = result;
    return state;
}

struct Case {
    const char* name;
    UnitState state;
    const char* says; ///< what is wrong
    const char* cure;
};

class Units : public testing::TestWithParam<Case> {};

TEST_P(Units, SayWhatIsWrongAndWhatToDoInOneLine) {
    const std::string line = explain(GetParam().state);
    EXPECT_THAT(line, HasSubstr(GetParam().says));
    EXPECT_THAT(line, HasSubstr(GetParam().cure));
    EXPECT_THAT(line, StartsWith("spicykvmd "));
    EXPECT_THAT(line, Not(HasSubstr("\n")));
}

// The numbers are systemd's, of systemd.exec(5).
INSTANTIATE_TEST_SUITE_P(
    States, Units,
    testing::Values(
        Case{"Stopped",
             {.load = "loaded", .active = "inactive", .sub = "dead", .result = "success"},
             "not running",
             "systemctl start spicykvmd"},
        Case{"NotInstalled",
             {.load = "not-found", .active = "inactive"},
             "no spicykvmd.service",
             "installed?"},
        Case{"Masked", {.load = "masked", .active = "inactive"}, "masked", "systemctl unmask"},
        Case{"BadUnit",
             {.load = "bad-setting", .active = "inactive"},
             "can't use its unit",
             "systemctl status"},
        Case{"Condition",
             {.load = "loaded", .active = "inactive", .conditions_met = false},
             "condition",
             "systemctl status"},
        Case{"Starting",
             {.load = "loaded", .active = "activating", .sub = "start"},
             "is starting",
             "try again"},
        Case{"Stopping", {.load = "loaded", .active = "deactivating"}, "is stopping", "try again"},
        Case{"OtherBus", {.load = "loaded", .active = "active"}, "not the name", "--bus"},
        Case{"NoUser", failed(217), "the user spicykvm does not exist", "systemd-sysusers"},
        Case{"NoGroup", failed(216), "a group of its unit", "systemd-sysusers"},
        Case{"Credentials", failed(243), "/etc/spicykvm/credentials", "LoadCredential="},
        Case{"Namespace", failed(226), "a folder that its unit names", "systemctl status"},
        Case{"NoProgram", failed(203), "the program", "systemctl cat"},
        Case{"OtherSetUp", failed(218), "status 218", "systemctl status"},
        Case{"CommandLine", failed(2), "command line", "systemctl cat"},
        Case{"Configuration", failed(5), "configuration is wrong", "config check"},
        Case{"Other", failed(1), "it failed", "journalctl -u spicykvmd"},
        Case{"Watchdog", ended("watchdog"), "it hung", "journalctl"},
        Case{"Timeout", ended("timeout"), "too long", "journalctl"},
        Case{"Memory", ended("oom-kill"), "memory", "MemoryMax="},
        Case{"Resources", ended("resources"), "could not set it up", "systemctl status"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(UnitState, HasTheDaemonsOwnReason) {
    UnitState state = failed(1);
    state.status_text = "failed: cannot own org.spicykvm.Manager: x: systemctl reload dbus";
    EXPECT_EQ(explain(state), "spicykvmd is not running: cannot own org.spicykvm.Manager: x: "
                              "systemctl reload dbus");
    state.status_text = "active: win11"; // from before a crash
    EXPECT_THAT(explain(state), HasSubstr("it failed: journalctl"));
    state = failed(217);
    state.status_text = "failed: of an earlier start";
    EXPECT_THAT(explain(state), HasSubstr("user spicykvm"));
}

TEST(UnitState, WhileItWaitsForItsRestartItHasFailed) {
    UnitState state = failed(217);
    state.active = "activating";
    state.sub = "auto-restart";
    EXPECT_EQ(explain(state), explain(failed(217)));
}

TEST(UnitState, AfterManyRestartsTheReasonStaysAndTheCureHasAStepMore) {
    UnitState state = failed(217);
    state.result = "start-limit-hit";
    EXPECT_THAT(explain(state), HasSubstr("user spicykvm"));
    EXPECT_THAT(explain(state), HasSubstr("systemctl reset-failed spicykvmd"));
}

TEST(UnitState, ASignalIsNamed) {
    UnitState state = failed(SIGSEGV);
    state.result = "signal";
    state.exit_code = CLD_KILLED;
    EXPECT_THAT(explain(state), HasSubstr("signal 11"));
    state.result = "core-dump";
    state.exit_code = CLD_DUMPED;
    EXPECT_THAT(explain(state), HasSubstr("signal 11"));
}

} // namespace
} // namespace spicykvm::diagnosis
