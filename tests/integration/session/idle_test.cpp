// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself: whether it keeps the host awake. logind's bus is a fake; its files, which say
// who is in front of the seat, are this test's, in a mount namespace.
#include "support/child_process.h"
#include "support/fake_logind.h"
#include "support/private_bus.h"
#include "support/run_until.h"
#include "support/service_host.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <unistd.h>

namespace spicykvm::test {
namespace {

using core::SwitchState;
using testing::HasSubstr;

/// The desktop's, on the private bus.
class FakeScreenSaver {
  public:
    FakeScreenSaver() {
        static const sd_bus_vtable vtable[] = {
            SD_BUS_VTABLE_START(0),
            SD_BUS_METHOD("Inhibit", "ss", "u", on_inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
            SD_BUS_METHOD("UnInhibit", "u", "", on_uninhibit, SD_BUS_VTABLE_UNPRIVILEGED),
            SD_BUS_VTABLE_END,
        };
        if (sd_bus_open_system(&bus_) < 0 ||
            sd_bus_add_object_vtable(bus_, nullptr, "/org/freedesktop/ScreenSaver",
                                     "org.freedesktop.ScreenSaver", vtable, this) < 0 ||
            sd_bus_request_name(bus_, "org.freedesktop.ScreenSaver", 0) < 0 ||
            sd_bus_attach_event(bus_, loop_.raw(), 0) < 0) {
            throw std::runtime_error("no screen saver");
        }
    }
    FakeScreenSaver(const FakeScreenSaver&) = delete;
    FakeScreenSaver& operator=(const FakeScreenSaver&) = delete;
    ~FakeScreenSaver() {
        sd_bus_detach_event(bus_);
        sd_bus_close_unref(bus_);
    }

    bool is_held(bool held) {
        return run_until(loop_, [&] { return held == !why_.empty(); });
    }
    [[nodiscard]] const std::string& why() const { return why_; }

  private:
    static constexpr std::uint32_t kCookie = 815;

    static int on_inhibit(sd_bus_message* message, void* userdata, sd_bus_error*) {
        const char* who = nullptr;
        const char* why = nullptr;
        (void)sd_bus_message_read(message, "ss", &who, &why);
        static_cast<FakeScreenSaver*>(userdata)->why_ = std::string(who) + ": " + why;
        return sd_bus_reply_method_return(message, "u", kCookie);
    }
    static int on_uninhibit(sd_bus_message* message, void* userdata, sd_bus_error*) {
        std::uint32_t cookie = 0;
        (void)sd_bus_message_read(message, "u", &cookie);
        if (cookie == kCookie) {
            static_cast<FakeScreenSaver*>(userdata)->why_.clear();
        }
        return sd_bus_reply_method_return(message, nullptr);
    }

    EventLoop loop_;
    sd_bus* bus_ = nullptr;
    std::string why_;
};

class Idle : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0 || std::system("unshare --mount true") != 0) {
            GTEST_SKIP() << "needs root and mount namespaces: /run/systemd/users is the test's";
        }
        ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
        ::setenv("PIPEWIRE_RUNTIME_DIR", folder.path().c_str(), 1);
        ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
        folder.write("enter.sh", "set -e\nmount --make-rprivate /\nmount --bind " +
                                     (folder.path() / "run").string() + " /run\nexec \"$@\"\n");
        be("active");
        bus.emplace();
        daemon.emplace();
        daemon->with_audio([](FakeAudioPort& port) {
            core::AudioChannel channel;
            channel.target = "win11";
            channel.settings.when = core::AudioWhen::Always;
            port.channels = {channel};
        });
    }
    /// This user, to logind: "active" in front of the seat, "online" behind others.
    void be(const std::string& state) const {
        const auto written = folder.write("new", "NAME=root\nSTATE=" + state + "\n");
        const auto users = folder.path() / "run/systemd/users";
        std::filesystem::create_directories(users);
        std::filesystem::rename(written, users / "0");
    }
    void run(const std::vector<std::string>& options = {}) {
        std::vector<std::string> command{"unshare", "--mount", "sh",
                                         (folder.path() / "enter.sh").string(), SPICYKVM_SESSION};
        command.insert(command.end(), options.begin(), options.end());
        process = ChildProcess(command, log);
    }
    void go_to(SwitchState state) {
        daemon->run([state](FakeControlPort& port) {
            port.set_state(state, state == SwitchState::Active ? "win11" : "", {});
        });
    }
    /// Each look asks the daemon's thread, and so takes its time.
    bool until(const std::function<bool()>& condition) {
        const TimePoint deadline = Clock::now() + std::chrono::seconds(10);
        while (!condition()) {
            (void)daemon->audio_asked();
            if (Clock::now() > deadline) {
                return false;
            }
        }
        return true;
    }
    bool logs(const std::string& text) {
        return until([&] {
            std::ifstream file(log);
            const std::string all{std::istreambuf_iterator<char>(file), {}};
            return all.find(text) != std::string::npos;
        });
    }
    /// What the daemon's state leads to has been sent by then: channels are heard of after it.
    bool knows_the_state() {
        return until([&] { return !daemon->audio_asked().empty(); });
    }
    /// What was sent to logind so far has reached it.
    static void sync_with_logind() {
        sd_bus* client = nullptr;
        int value = 0;
        ASSERT_GE(sd_bus_open_system(&client), 0);
        EXPECT_GE(sd_bus_get_property_trivial(
                      client, "org.freedesktop.login1", "/org/freedesktop/login1",
                      "org.freedesktop.login1.Manager", "PreparingForSleep", nullptr, 'b', &value),
                  0);
        sd_bus_close_unref(client);
    }

    TemporaryFolder folder;
    const std::filesystem::path log = folder.path() / "log";
    std::optional<PrivateBus> bus;
    std::optional<ServiceHost> daemon;
    ChildProcess process;
};

TEST_F(Idle, IsHeldOffWhileAVmIsActive) {
    FakeLogind logind;
    run();
    go_to(SwitchState::Active);
    logind.wait_inhibitors(1);
    EXPECT_EQ(logind.last_inhibit(), "idle spicykvm block");
    go_to(SwitchState::Inactive);
    logind.wait_inhibitors(0);
    go_to(SwitchState::Active);
    logind.wait_inhibitors(1);
    daemon.reset();
    logind.wait_inhibitors(0);
}

TEST_F(Idle, EndsWithTheProgram) {
    FakeLogind logind;
    go_to(SwitchState::Active);
    run();
    logind.wait_inhibitors(1);
    process.kill();
    logind.wait_inhibitors(0);
}

TEST_F(Idle, IsHeldOffForTheUserInFrontAlone) {
    FakeLogind logind;
    be("online");
    go_to(SwitchState::Active);
    run();
    ASSERT_TRUE(knows_the_state());
    sync_with_logind();
    EXPECT_EQ(logind.inhibit_calls(), 0U);
    be("active");
    logind.wait_inhibitors(1);
    be("online");
    logind.wait_inhibitors(0);
    EXPECT_EQ(logind.inhibit_calls(), 1U);
}

TEST_F(Idle, IsHeldOffByTheDesktopToo) {
    FakeScreenSaver saver;
    run();
    go_to(SwitchState::Active);
    ASSERT_TRUE(saver.is_held(true));
    EXPECT_EQ(saver.why(), "spicykvm: Keyboard and mouse are in a virtual machine");
    go_to(SwitchState::Inactive);
    EXPECT_TRUE(saver.is_held(false));
}

TEST_F(Idle, WithoutLogindIsSaidOnce) {
    run();
    go_to(SwitchState::Active);
    EXPECT_TRUE(logs("logind does not keep the screen on while a VM is active: "));
    EXPECT_TRUE(logs("the desktop's screen saver does not keep the screen on while a VM is active: "
                     "there is none"));
}

TEST_F(Idle, IsNoBusinessOfAProgramThatWasToldSo) {
    FakeLogind logind;
    go_to(SwitchState::Active);
    run({"--no-idle-inhibitor"});
    ASSERT_TRUE(knows_the_state());
    sync_with_logind();
    EXPECT_EQ(logind.inhibit_calls(), 0U);
}

} // namespace
} // namespace spicykvm::test
