// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/doctor.h"
#include "unit/ctl/fake_daemon.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

/// All is well, for a user who is not root.
Findings healthy() {
    Findings findings;
    findings.unit = diagnosis::UnitState{
        .load = "loaded", .active = "active", .sub = "running", .result = "success"};
    findings.has_owner = true;
    findings.policy = {.file = "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf",
                       .user_exists = true,
                       .is_user = false,
                       .user = "alice"};
    findings.polkit_actions = std::vector<std::string>{
        "org.example.other", "org.spicykvm.Manager.activate", "org.spicykvm.Manager.ddc"};
    findings.has_i2c_dev = true;
    findings.session_unit = diagnosis::UnitState{.load = "loaded", .active = "active"};
    findings.status = sample_status();
    findings.devices = sample_devices();
    findings.displays = std::vector<Display>{sample_configured_displays().front()};
    return findings;
}

Check check_of(const Findings& findings, const std::string& name) {
    const auto checks = examine(findings);
    const auto found = std::find_if(checks.begin(), checks.end(),
                                    [&](const Check& check) { return check.name == name; });
    return found == checks.end() ? Check{name, Verdict::Ok, "no such check"} : *found;
}

TEST(Doctor, FindsAHealthyInstallationWell) {
    const auto checks = examine(healthy());
    EXPECT_THAT(checks, Each(Field(&Check::verdict, Verdict::Ok)));
    std::vector<std::string> names;
    for (const Check& check : checks) {
        names.push_back(check.name);
        EXPECT_NE(check.text, "") << check.name;
    }
    EXPECT_THAT(names, ElementsAre("service", "accounts", "bus", "polkit", "devices", "grabbers",
                                   "i2c-dev", "monitors", "targets", "session"));
}

TEST(Doctor, AsksAUsersOwnDaemonForNoRights) {
    Findings findings = healthy();
    findings.session_bus = true;
    std::vector<std::string> names;
    for (const Check& check : examine(findings)) {
        names.push_back(check.name);
    }
    EXPECT_THAT(names, ElementsAre("bus", "devices", "grabbers", "i2c-dev", "monitors", "targets",
                                   "session"));
    findings.has_owner = false;
    EXPECT_THAT(check_of(findings, "bus").text, HasSubstr("spicykvmd --bus session"));
}

struct Case {
    const char* name;
    const char* check;
    std::function<void(Findings&)> damage;
    Verdict verdict;
    const char* says;
};

class Damage : public testing::TestWithParam<Case> {};

TEST_P(Damage, IsFoundByItsCheck) {
    Findings findings = healthy();
    GetParam().damage(findings);
    const Check check = check_of(findings, GetParam().check);
    EXPECT_EQ(check.verdict, GetParam().verdict) << check.text;
    EXPECT_THAT(check.text, HasSubstr(GetParam().says));
    EXPECT_THAT(check.text, Not(HasSubstr("\n")));
}

Device refused(const char* note) {
    Device device = sample_devices().front();
    device.used = false;
    device.note = note;
    return device;
}

void lose_daemon(Findings& findings) {
    findings.has_owner = false;
    findings.status.reset();
    findings.devices.reset();
    findings.displays.reset();
}

INSTANTIATE_TEST_SUITE_P(
    Of, Damage,
    testing::Values(
        Case{"NoSystemd", "service", [](Findings& f) { f.unit.reset(); }, Verdict::Unknown,
             "systemd can't be asked"},
        Case{"Stopped", "service",
             [](Findings& f) {
                 lose_daemon(f);
                 f.unit->active = "inactive";
             },
             Verdict::Wrong, "systemctl start spicykvmd"},
        Case{"NoUser", "service",
             [](Findings& f) {
                 lose_daemon(f);
                 f.unit->active = "failed";
                 f.unit->exit_code = CLD_EXITED;
                 f.unit->exit_status = 217;
             },
             Verdict::Wrong, "systemd-sysusers"},
        Case{"RunsWithoutItsName", "service", [](Findings& f) { f.has_owner = false; },
             Verdict::Wrong, "has not the name"},
        Case{"MissingAccounts", "accounts",
             [](Findings& f) {
                 f.missing_accounts = {"user spicykvm", "group i2c"};
             },
             Verdict::Wrong, "there is no user spicykvm; group i2c: systemd-sysusers"},
        Case{"NoPolicy", "bus",
             [](Findings& f) {
                 f.has_owner = false;
                 f.policy.file.clear();
             },
             Verdict::Wrong, "is not in /usr/share/dbus-1/system.d"},
        Case{"NoOwner", "bus", lose_daemon, Verdict::Wrong, "see service"},
        Case{"NoPolkit", "polkit",
             [](Findings& f) {
                 f.polkit_actions = tl::unexpected(CallError{"x", "no such name"});
             },
             Verdict::Wrong, "install polkitd"},
        Case{"NoActions", "polkit",
             [](Findings& f) { f.polkit_actions = std::vector<std::string>{"org.example.other"}; },
             Verdict::Wrong, "org.spicykvm.Manager.policy"},
        Case{"NoModule", "i2c-dev", [](Findings& f) { f.has_i2c_dev = false; }, Verdict::Wrong,
             "modprobe i2c-dev"},
        Case{"NoModuleAndNoMonitor", "i2c-dev",
             [](Findings& f) {
                 f.has_i2c_dev = false;
                 f.displays->clear();
             },
             Verdict::Ok, "no monitor is configured"},
        Case{"ClosedDevice", "devices",
             [](Findings& f) {
                 f.devices->push_back(refused("open /dev/input/event4: Permission denied: x"));
             },
             Verdict::Wrong, "open /dev/input/event4: Permission denied: x"},
        Case{"ClosedDevices", "devices",
             [](Findings& f) {
                 f.devices = {refused("open /dev/input/event4: x"),
                              refused("open /dev/input/event5: x"),
                              refused("open /dev/input/event6: x")};
             },
             Verdict::Wrong,
             "open /dev/input/event4: x; and 2 more like it: see spicykvmctl devices; no keyboard"},
        Case{"NoKeyboard", "devices", [](Findings& f) { f.devices->clear(); }, Verdict::Wrong,
             "no keyboard is used"},
        Case{"DevicesUnseen", "devices", lose_daemon, Verdict::Unknown, "does not answer"},
        Case{"GrabberRuns", "grabbers", [](Findings& f) { f.grabber_units = {"keyd.service"}; },
             Verdict::Unknown, "sudo spicykvmctl doctor"},
        Case{"GrabberHasOthers", "grabbers",
             [](Findings& f) {
                 f.grabber_units = {"keyd.service"};
                 f.is_root = true;
                 f.holders = {{sample_devices().front(), {}}};
             },
             Verdict::Ok, "none of the keyboards that spicykvmd uses"},
        Case{"GrabbersUnseen", "grabbers",
             [](Findings& f) {
                 lose_daemon(f);
                 f.is_root = true;
             },
             Verdict::Unknown, "does not answer"},
        Case{"GrabberHasIt", "grabbers",
             [](Findings& f) {
                 f.is_root = true;
                 f.holders = {{sample_devices().front(), {{812, "keyd"}}}};
             },
             Verdict::Wrong, "/dev/input/event3 (Keychron K2) is open in keyd (pid 812), too"},
        Case{"MonitorNowhere", "monitors",
             [](Findings& f) { f.displays = sample_configured_displays(); }, Verdict::Wrong,
             "win11 right: no such monitor is connected"},
        Case{"MonitorMuteWhileAway", "monitors",
             [](Findings& f) {
                 f.displays = sample_configured_displays();
                 f.displays->pop_back();
             },
             Verdict::Ok, "are there"},
        Case{"MonitorMute", "monitors",
             [](Findings& f) {
                 f.displays = sample_configured_displays();
                 f.status->state = "inactive";
             },
             Verdict::Wrong, "linux monitor2: i2c-6: the monitor does not answer"},
        Case{"MonitorsUnseen", "monitors", lose_daemon, Verdict::Unknown, "does not answer"},
        Case{"TargetRefused", "targets",
             [](Findings& f) {
                 f.status->targets[0].connection = "waiting";
                 f.status->targets[0].last_error = "wrong password";
             },
             Verdict::Wrong, "win11 waiting: wrong password"},
        Case{"TargetAtRest", "targets",
             [](Findings& f) { f.status->targets[0].connection = "disconnected"; }, Verdict::Ok,
             "win11 disconnected"},
        Case{"NoTarget", "targets", [](Findings& f) { f.status->targets.clear(); }, Verdict::Wrong,
             "none is configured"},
        Case{"NoSession", "session", [](Findings& f) { f.session_unit->active = "inactive"; },
             Verdict::Wrong, "systemctl --user enable"},
        Case{"SessionNotInstalled", "session",
             [](Findings& f) {
                 f.session_unit->load = "not-found";
                 f.session_unit->active = "inactive";
             },
             Verdict::Unknown, "not installed"},
        Case{"NoUserManager", "session", [](Findings& f) { f.session_unit.reset(); },
             Verdict::Unknown, "as the user"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Doctor, KnowsThatAnOpenChannelIsASession) {
    Findings findings = healthy();
    findings.session_unit.reset();
    findings.status->audio.emplace_back().open = true;
    EXPECT_EQ(check_of(findings, "session").verdict, Verdict::Ok);
}

TEST(Doctor, KeepsControlCharactersFromTheTerminal) {
    Findings findings = healthy();
    findings.status->targets[0].connection = "waiting";
    findings.status->targets[0].last_error = "a\x1b[2J\nb";
    EXPECT_EQ(check_of(findings, "targets").text, "win11 waiting: a [2J b");
}

} // namespace
} // namespace spicykvm::ctl
