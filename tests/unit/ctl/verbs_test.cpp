// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/command.h"
#include "ctl/exit_code.h"
#include "ctl/verbs.h"
#include "unit/ctl/fake_daemon.h"

#include <csignal>
#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Verbs : public testing::Test {
  protected:
    int run(const std::vector<std::string>& words) {
        const auto parsed = parse_command(words, std::nullopt);
        if (!std::holds_alternative<Command>(parsed)) {
            ADD_FAILURE() << std::get<Exit>(parsed).err;
            return -1;
        }
        const auto& command = std::get<Command>(parsed);
        return command.verb->run(command.arguments, fake_.environment);
    }
    [[nodiscard]] std::string out() const { return fake_.out.str(); }
    [[nodiscard]] std::string err() const { return fake_.err.str(); }

    FakeEnvironment fake_;
};

TEST_F(Verbs, SwitchInSilence) {
    EXPECT_EQ(run({"activate"}), kOk);
    EXPECT_EQ(run({"activate", "win11"}), kOk);
    EXPECT_EQ(run({"deactivate"}), kOk);
    EXPECT_EQ(run({"toggle"}), kOk);
    EXPECT_EQ(run({"reload"}), kOk);
    EXPECT_THAT(fake_.script.calls,
                ElementsAre("activate ", "activate win11", "deactivate", "toggle", "reload"));
    EXPECT_EQ(out(), "");
    EXPECT_EQ(err(), "");
}

TEST_F(Verbs, SayWhatSystemdKnowsWhenThereIsNoDaemon) {
    fake_.script.act =
        tl::unexpected(CallError{"org.freedesktop.DBus.Error.ServiceUnknown", "no such name"});
    fake_.environment.machine.daemon_unit = [] {
        return diagnosis::UnitState{.load = "not-found", .active = "inactive"};
    };
    EXPECT_EQ(run({"toggle"}), kNotRunning);
    EXPECT_THAT(err(), HasSubstr("spicykvmctl: spicykvmd is not running: systemd has no"));
    fake_.err.str("");
    fake_.environment.machine.daemon_unit = [] { return std::nullopt; };
    EXPECT_EQ(run({"toggle"}), kNotRunning);
    EXPECT_EQ(err(), "spicykvmctl: spicykvmd is not running: systemctl start spicykvmd\n");
}

TEST_F(Verbs, AskSystemdOnlyWhenThereIsNoDaemonOnTheSystemBus) {
    bool was_asked = false;
    fake_.environment.machine.daemon_unit = [&]() -> std::optional<diagnosis::UnitState> {
        was_asked = true;
        return std::nullopt;
    };
    fake_.script.act = tl::unexpected(CallError{"org.spicykvm.Error.Busy", "b"});
    EXPECT_EQ(run({"toggle"}), kFailed);
    fake_.script.no_bus = CallError{kNoBus, "no bus"};
    EXPECT_EQ(run({"toggle"}), kNotRunning);
    fake_.script.no_bus.reset();
    fake_.environment.session_bus = true;
    fake_.script.act = tl::unexpected(CallError{"org.freedesktop.DBus.Error.ServiceUnknown", ""});
    EXPECT_EQ(run({"toggle"}), kNotRunning);
    EXPECT_FALSE(was_asked);
}

TEST_F(Verbs, DoNotWaitForADaemonThatFailsToStartAgainAndAgain) {
    diagnosis::UnitState unit{.load = "loaded", .active = "activating", .sub = "auto-restart"};
    unit.exit_code = CLD_EXITED;
    unit.exit_status = 217;
    fake_.script.running = false;
    fake_.environment.machine.daemon_unit = [&] { return unit; };
    EXPECT_EQ(run({"toggle"}), kNotRunning);
    EXPECT_THAT(err(), HasSubstr("the user spicykvm does not exist"));
    EXPECT_THAT(fake_.script.calls, IsEmpty());

    unit.sub = "dead"; // the bus starts it
    EXPECT_EQ(run({"toggle"}), kOk);
    unit.sub = "auto-restart";
    unit.exit_code = CLD_KILLED; // it will be there in a moment
    EXPECT_EQ(run({"toggle"}), kOk);
    unit.exit_code = CLD_EXITED;
    fake_.script.running = true;
    EXPECT_EQ(run({"toggle"}), kOk);
}

TEST_F(Verbs, ShowTheStatus) {
    fake_.script.status = sample_status();
    EXPECT_EQ(run({"status"}), kOk);
    EXPECT_THAT(out(), HasSubstr("State    active for 2 min, by user1000\n"));
    EXPECT_EQ(err(), "");
}

TEST_F(Verbs, ShowTheStatusToScripts) {
    fake_.script.status = sample_status();
    EXPECT_EQ(run({"status", "--json"}), kOk);
    EXPECT_THAT(out(), HasSubstr("\"state\":\"active\""));
    EXPECT_TRUE(out().ends_with("}\n"));
}

TEST_F(Verbs, ShowTargetsAndDevices) {
    fake_.script.status = sample_status();
    fake_.script.devices = sample_devices();
    EXPECT_EQ(run({"targets"}), kOk);
    EXPECT_EQ(run({"devices"}), kOk);
    EXPECT_THAT(out(), HasSubstr("win11"));
    EXPECT_THAT(out(), HasSubstr("/dev/input/event3"));
    EXPECT_EQ(run({"targets", "--json"}), kOk);
    EXPECT_EQ(run({"devices", "--json"}), kOk);
    EXPECT_THAT(out(), HasSubstr("[{\"name\":\"win11\""));
    EXPECT_THAT(out(), HasSubstr("[{\"node\":\"/dev/input/event3\""));
}

TEST_F(Verbs, NameTargetsAndDisplaysForShells) {
    fake_.script.status = sample_status();
    EXPECT_EQ(run({"targets", "--names"}), kOk);
    EXPECT_EQ(run({"displays", "--names"}), kOk);
    EXPECT_EQ(out(), "win11\ncard1-DP-1\ncard1-HDMI-A-1\n");
    EXPECT_THAT(fake_.script.calls, ElementsAre("status"));
}

TEST_F(Verbs, NameTargetsWithoutStartingTheDaemon) {
    fake_.script.running = false;
    EXPECT_EQ(run({"targets", "--names"}), kNotRunning);
    EXPECT_EQ(out(), "");
    EXPECT_EQ(err(), "spicykvmctl: spicykvmd is not running: systemctl start spicykvmd\n");
    EXPECT_THAT(fake_.script.calls, IsEmpty());
}

TEST_F(Verbs, WatchALinePerChange) {
    fake_.script.events = {DaemonEvent{false}, DaemonEvent{true},
                           StateEvent{"active", "win11", ""}};
    EXPECT_EQ(run({"status", "--watch"}), kOk);
    EXPECT_EQ(out(), "daemon  not running\ndaemon  running\nstate   active win11\n");
}

TEST_F(Verbs, WatchForScripts) {
    fake_.script.events = {StateEvent{"inactive", "", ""}};
    EXPECT_EQ(run({"status", "--watch", "--json"}), kOk);
    EXPECT_EQ(out(), "{\"event\":\"state\",\"state\":\"inactive\",\"active_target\":null,"
                     "\"last_error\":null}\n");
}

TEST_F(Verbs, CheckAConfigurationWithoutADaemon) {
    fake_.script.no_bus = CallError{kNoBus, "no bus"};
    EXPECT_EQ(run({"config", "check"}), kOk);
    fake_.script.check_code = 5;
    EXPECT_EQ(run({"config", "check", "/tmp/c.toml"}), 5);
    EXPECT_THAT(fake_.script.checks,
                ElementsAre(std::vector<std::string>{},
                            std::vector<std::string>{"--config", "/tmp/c.toml"}));
    EXPECT_THAT(fake_.script.calls, IsEmpty());
}

TEST_F(Verbs, SayInOneLineWhyNot) {
    fake_.script.act = tl::unexpected(
        CallError{"org.spicykvm.Error.Unreachable", "connect to win11: Connection refused"});
    EXPECT_EQ(run({"activate", "win11"}), kGuest);
    EXPECT_EQ(err(), "spicykvmctl: activate win11: connect to win11: Connection refused\n");
    EXPECT_EQ(out(), "");
}

TEST_F(Verbs, FailAllTheSameWithoutABus) {
    fake_.script.no_bus = CallError{kNoBus, "connect to the system bus: No such file or directory"};
    for (const char* verb : {"status", "activate", "deactivate", "toggle", "targets", "devices",
                             "displays", "reload"}) {
        EXPECT_EQ(run({verb}), kNotRunning) << verb;
    }
    EXPECT_THAT(err(), HasSubstr("spicykvmctl: status: connect to the system bus: No such file or "
                                 "directory\n"));
    EXPECT_EQ(out(), "");
}

TEST_F(Verbs, FailAllTheSameWithoutADaemon) {
    const CallError error{"org.freedesktop.DBus.Error.ServiceUnknown",
                          "The name is not activatable"};
    fake_.script.status = tl::unexpected(error);
    fake_.script.devices = tl::unexpected(error);
    fake_.script.act = tl::unexpected(error);
    for (const char* verb :
         {"status", "activate", "deactivate", "toggle", "targets", "devices", "reload"}) {
        EXPECT_EQ(run({verb}), kNotRunning) << verb;
    }
    EXPECT_TRUE(
        err().starts_with("spicykvmctl: spicykvmd is not running: systemctl start spicykvmd\n"));
}

TEST_F(Verbs, EndWatchingWhenTheBusIsGone) {
    fake_.script.act = tl::unexpected(CallError{kNoBus, "the message bus is gone"});
    EXPECT_EQ(run({"status", "--watch"}), kNotRunning);
    EXPECT_EQ(err(), "spicykvmctl: status --watch: the message bus is gone\n");
}

} // namespace
} // namespace spicykvm::ctl
