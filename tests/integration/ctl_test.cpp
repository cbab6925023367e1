// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvmctl and its client against the real service on a private bus.
#include "ctl/bus_daemon.h"
#include "ctl/child.h"
#include "ctl/exit_code.h"
#include "ctl/failures.h"
#include "ctl/report.h"
#include "dbus/fixture.h"
#include "support/fake_polkit.h"
#include "support/fake_systemd.h"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <gmock/gmock.h>
#include <mutex>
#include <thread>

namespace spicykvm::test {
namespace {

using core::SwitchState;
using ctl::CallError;
using ctl::Event;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A client that acts as this user.
std::unique_ptr<ctl::Daemon> client_of(uid_t uid) {
    const ActAs act_as(uid);
    auto daemon = ctl::connect_daemon(BusKind::System);
    if (!daemon) {
        throw std::runtime_error(daemon.error().message);
    }
    return std::move(*daemon);
}

int spicykvmctl(std::vector<std::string> words) {
    words.insert(words.begin(), SPICYKVMCTL);
    return ctl::run_program(words).value();
}

class Ctl : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped()) {
            polkit.emplace(FakePolkit::Answer::Yes);
            host.emplace();
            root = client_of(0);
        }
    }

    std::optional<FakePolkit> polkit;
    std::optional<ServiceHost> host;
    std::unique_ptr<ctl::Daemon> root;
};

TEST_F(Ctl, ReachesEveryMethod) {
    EXPECT_TRUE(root->activate(""));
    EXPECT_TRUE(root->activate("work"));
    EXPECT_TRUE(root->deactivate());
    EXPECT_TRUE(root->toggle());
    EXPECT_TRUE(root->reload());
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0", "activate work by 0",
                                           "deactivate by 0", "activate win11 by 0", "reload"));
}

TEST_F(Ctl, ReadsStatusAndDevices) {
    host->run([](FakeControlPort& port) {
        port.set_state(SwitchState::Active, "work", uid_t{1000});
        port.snapshot.warnings = {"w"};
        port.snapshot.targets[1].uri = "spice://h:1";
        port.known_devices.emplace_back().node = "/dev/input/event3";
        port.counters.keys_sent = 7;
    });
    const auto status = root->status();
    ASSERT_TRUE(status);
    EXPECT_EQ(status->version, SPICYKVM_VERSION);
    EXPECT_EQ(status->state, "active");
    EXPECT_EQ(status->active_target, "work");
    EXPECT_EQ(status->activator, 1000U);
    EXPECT_THAT(status->warnings, ElementsAre("w"));
    EXPECT_EQ(status->metrics.at("keys_sent"), 7U);
    ASSERT_EQ(status->targets.size(), 2U);
    EXPECT_EQ(status->targets[1].path, "/org/spicykvm/target/work");
    EXPECT_EQ(status->targets[1].uri, "spice://h:1");
    const auto devices = root->devices();
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->size(), 1U);
    EXPECT_EQ(devices->front().node, "/dev/input/event3");
}

TEST_F(Ctl, LetsPolkitAskForAPassword) {
    const auto alice = client_of(kAlice);
    EXPECT_TRUE(alice->activate("work"));
    EXPECT_TRUE(alice->deactivate());
    EXPECT_TRUE(alice->toggle());
    EXPECT_TRUE(alice->reload());
    ASSERT_EQ(polkit->question_count(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_TRUE(polkit->question(i).interactive) << i;
    }
}

TEST_F(Ctl, TellsThatSomebodyMayNot) {
    polkit->set_answer(FakePolkit::Answer::No);
    const auto alice = client_of(kAlice);
    for (const auto& answer : {alice->activate(""), alice->toggle(), alice->reload()}) {
        ASSERT_FALSE(answer);
        EXPECT_EQ(ctl::exit_code(answer.error()), ctl::kNotAuthorised);
    }
    EXPECT_TRUE(alice->status());
    EXPECT_TRUE(alice->devices());
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Ctl, PassesTheDaemonsReasonOn) {
    host->run([](FakeControlPort& port) {
        port.failure = Error{ErrorCode::Unreachable, "nothing listens there"};
    });
    const auto answer = root->activate("work");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message, "nothing listens there");
    EXPECT_EQ(ctl::exit_code(answer.error()), ctl::kGuest);
}

TEST_F(Ctl, ReachesMonitors) {
    host->with_displays([](FakeDisplaysPort& port) {
        port.known = {{"card1-DP-1", "DEL", 5, true, 0x11, "hdmi-1", "n"}};
        port.note = "without the lock";
        port.declared.model = "U2720Q";
        port.declared.features = {{0x60, {0x0f, 0x11}}};
        port.declared.inputs = {{0x0f, "displayport-1"}};
        port.declared.warnings = {"w"};
    });
    const auto displays = root->displays();
    ASSERT_TRUE(displays) << displays.error().message;
    ASSERT_EQ(displays->size(), 1U);
    EXPECT_EQ(displays->front().connector, "card1-DP-1");
    EXPECT_EQ(displays->front().bus, 5);
    EXPECT_EQ(displays->front().input, 0x11);
    EXPECT_TRUE(displays->front().ddc);
    const auto feature = root->get_feature("DP-1", 0x60);
    ASSERT_TRUE(feature) << feature.error().message;
    EXPECT_TRUE(feature->supported);
    EXPECT_EQ(feature->current, 0x0f);
    EXPECT_EQ(feature->name, "displayport-1");
    EXPECT_EQ(root->set_feature("DP-1", 0x60, "hdmi-1").value(), "without the lock");
    const auto capabilities = root->read_capabilities("DP-1");
    ASSERT_TRUE(capabilities) << capabilities.error().message;
    EXPECT_EQ(capabilities->model, "U2720Q");
    EXPECT_THAT(capabilities->features.at(0x60), ElementsAre(0x0f, 0x11));
    EXPECT_EQ(capabilities->inputs.at(0x0f), "displayport-1");
    EXPECT_THAT(capabilities->warnings, ElementsAre("w"));
    EXPECT_THAT(host->displays_asked(),
                ElementsAre("list", "get DP-1 96", "set DP-1 96 17", "capabilities DP-1"));
}

TEST_F(Ctl, LetsPolkitAskForAPasswordForMonitors) {
    const auto alice = client_of(kAlice);
    EXPECT_TRUE(alice->displays());
    EXPECT_TRUE(alice->get_feature("DP-1", 0x60));
    EXPECT_TRUE(alice->set_feature("DP-1", 0x60, "hdmi-1"));
    EXPECT_TRUE(alice->read_capabilities("DP-1"));
    host->with_displays([](FakeDisplaysPort& port) {
        port.trials = {{"ddc", core::ReturnTrial::Verdict::Works, "n"}};
    });
    const auto trials = alice->test_return("win11", "left", 3);
    ASSERT_TRUE(trials);
    ASSERT_EQ(trials->size(), 1U);
    EXPECT_EQ((*trials)[0].way + (*trials)[0].verdict + (*trials)[0].note, "ddcworksn");
    ASSERT_EQ(polkit->question_count(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_TRUE(polkit->question(i).interactive) << i;
        EXPECT_EQ(polkit->question(i).action, "org.spicykvm.Manager.ddc") << i;
    }
}

TEST_F(Ctl, EndsWithItsExitCodesForMonitors) {
    EXPECT_EQ(spicykvmctl({"displays"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"displays", "--json"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"ddc", "get", "DP-1"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"ddc", "set", "DP-1", "0x60", "hdmi-1"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"ddc", "set", "DP-1", "0x60", "17"}), ctl::kUsage);
    EXPECT_EQ(spicykvmctl({"ddc", "capabilities", "DP-1"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"ddc", "probe", "DP-1"}), ctl::kOk);
    host->with_displays([](FakeDisplaysPort& port) {
        port.known = {
            {"card1-DP-1", "", 5, false, {}, "", "", {{"win11", "left", "", "", "ddc", "", ""}}}};
        port.trials = {{"ddc", core::ReturnTrial::Verdict::Works, "n"}};
    });
    EXPECT_EQ(spicykvmctl({"ddc", "test-return", "win11"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"ddc", "test-return", "work"}), ctl::kBadTarget);
    host->with_displays([](FakeDisplaysPort& port) {
        port.failure = Error{ErrorCode::Unreachable, "the monitor does not answer"};
    });
    EXPECT_EQ(spicykvmctl({"ddc", "probe", "DP-1"}), ctl::kGuest);
    host->with_displays([](FakeDisplaysPort& port) {
        port.failure = Error{ErrorCode::NotFound, "none"};
    });
    EXPECT_EQ(spicykvmctl({"ddc", "get", "DP-1"}), ctl::kBadTarget);
}

TEST_F(Ctl, EndsWithItsExitCodes) {
    EXPECT_EQ(spicykvmctl({"activate", "work"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"status"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"status", "--json"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"targets"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"devices"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"deactivate"}), ctl::kOk);
    EXPECT_EQ(spicykvmctl({"activate", "nope"}), ctl::kBadTarget);
    EXPECT_EQ(spicykvmctl({"nonsense"}), ctl::kUsage);
    host->run([](FakeControlPort& port) {
        port.failure = Error{ErrorCode::WrongPassword, "the password is wrong"};
    });
    EXPECT_EQ(spicykvmctl({"activate"}), ctl::kGuest);
    host.reset();
    EXPECT_EQ(spicykvmctl({"status"}), ctl::kNotRunning);
    bus->stop();
    EXPECT_EQ(spicykvmctl({"status"}), ctl::kNotRunning);
}

/// What a command says on stderr, and its exit code.
std::string said_by(const std::vector<std::string>& words, int& code) {
    testing::internal::CaptureStderr();
    code = spicykvmctl(words);
    return testing::internal::GetCapturedStderr();
}

TEST_F(Ctl, SaysWhyThereIsNoDaemon) {
    host.reset();
    int code = 0;
    EXPECT_EQ(said_by({"status"}, code),
              "spicykvmctl: spicykvmd is not running: systemctl start spicykvmd\n")
        << "there is no systemd, either";
    EXPECT_EQ(code, ctl::kNotRunning);
    FakeSystemd systemd;
    FakeSystemd::Unit unit{.active = "failed",
                           .sub = "failed",
                           .result = "exit-code",
                           .exit_code = CLD_EXITED,
                           .exit_status = 217};
    systemd.set_unit(unit);
    EXPECT_EQ(said_by({"status"}, code),
              "spicykvmctl: spicykvmd is not running: the user spicykvm does not exist: "
              "systemd-sysusers, systemctl reload dbus, then systemctl restart spicykvmd\n");
    EXPECT_EQ(code, ctl::kNotRunning);
    unit.exit_status = 1;
    unit.status_text = "failed: cannot own x";
    systemd.set_unit(unit);
    EXPECT_EQ(said_by({"activate", "work"}, code),
              "spicykvmctl: spicykvmd is not running: cannot own x\n");
    unit.load = "not-found";
    systemd.set_unit(unit);
    EXPECT_THAT(said_by({"devices"}, code), HasSubstr("systemd has no spicykvmd.service"));
    EXPECT_EQ(code, ctl::kNotRunning);
}

/// What it prints, as a user without rights.
std::string doctor(int& code) {
    testing::internal::CaptureStdout();
    code = ctl::run_program({"setpriv", "--reuid=65534", "--clear-groups", SPICYKVMCTL, "doctor"})
               .value();
    return testing::internal::GetCapturedStdout();
}

TEST_F(Ctl, ExaminesTheInstallationAsAnybody) {
    FakeSystemd systemd;
    systemd.set_unit({.active = "active", .sub = "running"});
    host->run([](FakeControlPort& port) {
        core::DeviceStatus& keyboard = port.known_devices.emplace_back();
        keyboard.node = "/dev/input/event3";
        keyboard.keyboard = true;
        keyboard.used = true;
    });
    int code = 0;
    std::string out = doctor(code);
    EXPECT_THAT(out, HasSubstr(" service   spicykvmd.service is active\n"));
    EXPECT_THAT(out, HasSubstr(" bus       org.spicykvm.Manager is on the bus\n"));
    EXPECT_THAT(out, HasSubstr(" polkit    polkit knows 1 actions of spicykvm\n"));
    EXPECT_THAT(out, HasSubstr(" devices   keyboards: 1, mice: 0\n"));
    EXPECT_THAT(out, HasSubstr(" targets   win11 disconnected; work disconnected\n"));
    EXPECT_THAT(systemd.patterns(), testing::Contains("keyd.service"));
    systemd.set_running({"keyd.service"});
    host.reset();
    polkit.reset();
    systemd.set_unit(
        {.active = "failed", .result = "exit-code", .exit_code = CLD_EXITED, .exit_status = 216});
    out = doctor(code);
    EXPECT_EQ(code, ctl::kUnwell);
    EXPECT_THAT(out, HasSubstr("wrong    service   spicykvmd is not running: a group of its unit"));
    EXPECT_THAT(out, HasSubstr("wrong    polkit    polkit does not answer"));
    EXPECT_THAT(out, HasSubstr("unknown  grabbers  keyd.service runs and grabs keyboards"));
}

/// watch() on a thread of its own; its lines can be waited for.
class Watcher {
  public:
    Watcher() : thread_([this] { run(); }) {}
    Watcher(const Watcher&) = delete;
    Watcher& operator=(const Watcher&) = delete;
    /// Only once the bus has been stopped.
    ~Watcher() { thread_.join(); }

    /// The next `count` lines.
    std::vector<std::string> lines(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::seconds(10), [&] { return lines_.size() >= count; });
        return std::exchange(lines_, {});
    }

  private:
    void run() {
        const auto daemon = client_of(0);
        const auto ended = daemon->watch([this](const Event& event) { add(ctl::to_line(event)); });
        add("end: " + ended.error().message);
    }
    void add(std::string line) {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    std::thread thread_;
};

TEST_F(Ctl, WatchesTheDaemonComeChangeAndGo) {
    Watcher watcher;
    EXPECT_THAT(watcher.lines(3), ElementsAre("state   inactive", "target  win11 disconnected",
                                              "target  work disconnected"));
    EXPECT_TRUE(root->activate("work"));
    EXPECT_THAT(watcher.lines(2),
                testing::UnorderedElementsAre(
                    "state   active work",
                    "switch  work activated: connect ok, input retried (a key was held)"));
    host->run([](FakeControlPort& port) {
        port.snapshot.targets[0].connection = core::ConnectionState::Waiting;
        port.snapshot.targets[0].last_error = "refused";
        port.observer->on_target_changed("win11");
    });
    EXPECT_THAT(watcher.lines(1), ElementsAre("target  win11 waiting (refused)"));
    host->run([](FakeControlPort& port) {
        port.snapshot.targets.pop_back();
        port.observer->on_targets_replaced();
    });
    EXPECT_THAT(watcher.lines(1), ElementsAre("target  work gone"));
    host.reset();
    EXPECT_THAT(watcher.lines(1), ElementsAre("daemon  not running"));
    host.emplace();
    EXPECT_THAT(watcher.lines(4),
                ElementsAre("daemon  running", "state   inactive", "target  win11 disconnected",
                            "target  work disconnected"));
    bus->stop();
    EXPECT_THAT(watcher.lines(1), ElementsAre("end: the message bus is gone"));
}

TEST_F(Ctl, WatchesADaemonThatIsNotThereYet) {
    host.reset();
    Watcher watcher;
    EXPECT_THAT(watcher.lines(1), ElementsAre("daemon  not running"));
    host.emplace();
    EXPECT_THAT(watcher.lines(4),
                ElementsAre("daemon  running", "state   inactive", "target  win11 disconnected",
                            "target  work disconnected"));
    bus->stop();
}

TEST(CtlWithoutABus, SaysSo) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    const auto daemon = ctl::connect_daemon(BusKind::System);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    ASSERT_FALSE(daemon);
    EXPECT_EQ(daemon.error().name, ctl::kNoBus);
    EXPECT_THAT(daemon.error().message, HasSubstr("connect to the system bus: "));
}

} // namespace
} // namespace spicykvm::test
