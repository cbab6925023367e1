// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/report.h"
#include "unit/ctl/fake_daemon.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Report, ShowsAnActiveVm) {
    FakeEnvironment fake;
    print_status(fake.environment, sample_status());
    EXPECT_EQ(
        fake.out.str(),
        "State    active for 2 min, by user1000\n"
        "Target   win11\n"
        "Grabbed  1 keyboard, 2 pointers\n"
        "Default  win11\n"
        "Warning  no keyboard\n"
        "Version  0.1.0\n"
        "\n"
        "TARGET  CONNECTION  VM          HOTKEY           URI                           NOTE\n"
        "win11   connected   Windows 11  tap(scrolllock)  spice+unix:///run/win11.sock\n");
}

TEST(Report, ShowsAMachineAtHome) {
    FakeEnvironment fake;
    Status status;
    status.state = "inactive";
    status.version = "0.1.0";
    status.last_error = "input: no keyboard";
    status.blocked = "the host is locked";
    print_status(fake.environment, status);
    EXPECT_EQ(fake.out.str(), "State       inactive\n"
                              "Default     -\n"
                              "Last error  input: no keyboard\n"
                              "Blocked     the host is locked\n"
                              "Version     0.1.0\n"
                              "\n"
                              "No targets: add a [[target]] to /etc/spicykvm/config.toml\n");
}

TEST(Report, ColoursOnlyForATerminal) {
    FakeEnvironment fake;
    print_status(fake.environment, sample_status());
    EXPECT_THAT(fake.out.str(), Not(HasSubstr("\x1b")));
    fake.environment.colour = true;
    print_status(fake.environment, sample_status());
    EXPECT_THAT(fake.out.str(), HasSubstr("State    \x1b[1;32mactive\x1b[0m for 2 min"));
}

TEST(Report, KeepsForeignTextFromTheTerminal) {
    FakeEnvironment fake;
    fake.environment.colour = true;
    Status status = sample_status();
    status.state = "a\x1b[2J";
    status.warnings = {"b\nc"};
    status.targets[0].vm_name = "d\re";
    print_status(fake.environment, status);
    EXPECT_THAT(fake.out.str(), HasSubstr("a [2J"));
    EXPECT_THAT(fake.out.str(), HasSubstr("Warning  b c\n"));
    EXPECT_THAT(fake.out.str(), HasSubstr("d e"));
}

TEST(Report, NotesWhatIsWrongWithATarget) {
    FakeEnvironment fake;
    Target target = sample_target();
    target.vm_name = "";
    target.vm_uuid = "";
    target.insecure = true;
    target.last_error = "refused";
    print_targets(fake.environment, {target});
    EXPECT_EQ(fake.out.str(),
              "TARGET  CONNECTION  VM  HOTKEY           URI                           NOTE\n"
              "win11   connected   -   tap(scrolllock)  spice+unix:///run/win11.sock  refused; "
              "insecure\n");
}

TEST(Report, ShowsDevices) {
    FakeEnvironment fake;
    print_devices(fake.environment, sample_devices());
    EXPECT_EQ(
        fake.out.str(),
        "NODE               USED     KIND      ID         NAME          NOTE\n"
        "/dev/input/event3  grabbed  keyboard  05ac:024f  Keychron K2\n"
        "/dev/input/event0  no       other     0000:0001  Power Button  no key of a hotkey\n");
}

TEST(Report, SaysWhenThereAreNoDevices) {
    FakeEnvironment fake;
    print_devices(fake.environment, {});
    EXPECT_EQ(fake.out.str(), "No input devices: may spicykvmd read /dev/input?\n");
}

TEST(Report, WritesOneLinePerEvent) {
    EXPECT_EQ(to_line(DaemonEvent{true}), "daemon  running");
    EXPECT_EQ(to_line(DaemonEvent{false}), "daemon  not running");
    EXPECT_EQ(to_line(StateEvent{"inactive", "", ""}), "state   inactive");
    EXPECT_EQ(to_line(StateEvent{"inactive", "", "x\ny"}), "state   inactive (last error: x y)");
    EXPECT_EQ(to_line(StateEvent{"active", "win11", ""}), "state   active win11");
    EXPECT_EQ(to_line(StateEvent{"activating", "win11", "old"}), "state   activating win11");
    EXPECT_EQ(to_line(TargetEvent{sample_target()}), "target  win11 connected");
    EXPECT_EQ(to_line(SwitchEvent{
                  "win11", "failed", {{"connect", "ok", ""}, {"input", "failed", "no keyboard"}}}),
              "switch  win11 failed: connect ok, input failed (no keyboard)");
    EXPECT_EQ(to_line(SwitchEvent{"win11", "hotkey", {}}), "switch  win11 hotkey");
}

} // namespace
} // namespace spicykvm::ctl
