// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The whole switch but D-Bus and the kernel: the real main loop, input thread and SPICE client
// against a real libspice-server. The devices are fakes that keep the kernel's rules (grab, event
// mask, key state).
#include "integration/ddc/ddc_rig.h"
#include "kvm.h"
#include "support/socket_folder.h"
#include "support/spice_server.h"
#include "unit/input/fake_device.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <systemd/sd-event.h>
#include <vector>

namespace spicykvm {
namespace {

using namespace std::chrono_literals;
using core::LeaveReason;
using core::SwitchState;
using input::test::FakeDevice;
using test::SpiceServer;

using Bytes = std::vector<std::uint8_t>;
constexpr Milliseconds kPatience = 10s;

config::HotkeyList hotkey(core::Gesture gesture, int code) {
    core::Hotkey hotkey;
    hotkey.gesture = gesture;
    hotkey.keys[0] = core::KeyCode{static_cast<std::uint16_t>(code)};
    return {{hotkey, "as in the test"}};
}

config::TargetConfig target(const std::string& name, const SpiceServer& server) {
    config::TargetConfig settings;
    settings.name = name;
    settings.uri = server.uri();
    return settings;
}

core::SeatState seat(const std::string& session, core::SeatSession::Lock lock) {
    core::SeatState state;
    state.known = true;
    state.session = core::SeatSession{session, 1000, lock};
    return state;
}

/// Every press of these bytes (set 1, e0 prefixes aside) has its release after it.
bool released_all(const Bytes& scancodes) {
    std::set<std::uint8_t> down;
    for (const std::uint8_t byte : scancodes) {
        if (byte == 0xe0) {
            continue;
        }
        if ((byte & 0x80) != 0) {
            down.erase(byte & 0x7f);
        } else {
            down.insert(byte);
        }
    }
    return !scancodes.empty() && down.empty();
}

class KvmTest : public testing::Test, private core::ControlObserver {
  protected:
    KvmTest() {
        config_.hotkeys.toggle = hotkey(core::Gesture::Tap, KEY_RIGHTCTRL);
        config_.input.rt_priority = 0;
        config_.targets = {target("vm", server_)};
    }

    void start() {
        start_again();
        kvm_->add_node(keyboard_->open());
        kvm_->add_node(mouse_->open());
        ASSERT_TRUE(until([this] { return connection("vm") == core::ConnectionState::Connected; }));
    }
    /// Without devices.
    void start_again() {
        kvm_.emplace(
            loop_, notifier_, config_, [this]() -> Result<config::Config> { return config_; },
            MonitorPaths{rig_.command(SCRIPTED_DDC), rig_.folder.path() / "away"});
        kvm_->observe(this);
    }

    /// Runs the main loop until the condition holds.
    template <typename Condition>
    bool until(Condition condition, Milliseconds patience = kPatience) {
        const TimePoint end = Clock::now() + patience;
        while (!condition()) {
            if (Clock::now() > end) {
                return false;
            }
            sd_event_run(loop_.raw(), 2000);
        }
        return true;
    }
    bool until_state(SwitchState state) {
        return until([this, state] { return kvm_->status().state == state; });
    }
    bool until_guest(const std::function<bool(const test::SpiceServerLog&)>& condition) {
        return until([&] { return condition(server_.log()); });
    }
    bool until_guest_got(const Bytes& scancodes) {
        return until_guest([&](const auto& log) { return log.scancodes == scancodes; });
    }
    /// The mouse is grabbed, and the input thread has come round since.
    bool until_taken_along() {
        if (!until([this] { return mouse_->grabbed(); })) {
            return false;
        }
        const std::size_t before = server_.log().scancodes.size();
        keyboard_->type(KEY_A);
        return until_guest([&](const auto& log) { return log.scancodes.size() == before + 2; });
    }
    /// The input thread works alone here: the main loop stands still.
    template <typename Condition>
    static bool without_main_loop(Condition condition) {
        const TimePoint end = Clock::now() + kPatience;
        while (!condition()) {
            if (Clock::now() > end) {
                return false;
            }
            std::this_thread::yield();
        }
        return true;
    }

    [[nodiscard]] core::ConnectionState connection(const std::string& name) const {
        for (const auto& status : kvm_->status().targets) {
            if (status.name == name) {
                return status.connection;
            }
        }
        return core::ConnectionState::Disconnected;
    }
    void go_active() {
        keyboard_->type(KEY_RIGHTCTRL);
        ASSERT_TRUE(until_state(SwitchState::Active));
        ASSERT_TRUE(keyboard_->grabbed());
    }
    void expect_home(LeaveReason reason) {
        EXPECT_TRUE(until_state(SwitchState::Inactive));
        EXPECT_FALSE(keyboard_->grabbed());
        EXPECT_FALSE(mouse_->grabbed());
        EXPECT_TRUE(keyboard_->down_on_host().empty());
        ASSERT_FALSE(reports_.empty());
        EXPECT_EQ(reports_.back().left, reason);
    }

    test::DdcRig rig_;
    EventLoop loop_;
    Notifier notifier_;
    SpiceServer server_;
    config::Config config_;
    std::shared_ptr<FakeDevice> keyboard_ =
        std::make_shared<FakeDevice>(FakeDevice::keyboard("/dev/input/event1"), &Clock::now);
    std::shared_ptr<FakeDevice> mouse_ =
        std::make_shared<FakeDevice>(FakeDevice::mouse("/dev/input/event2"), &Clock::now);
    std::vector<core::SwitchReport> reports_;
    unsigned called_home_ = 0;
    std::optional<Kvm> kvm_;

  private:
    void on_state_changed() override {}
    void on_switch_finished(const core::SwitchReport& report) override {
        reports_.push_back(report);
    }
    void on_called_home() override { ++called_home_; }
    void on_target_changed(std::string_view) override {}
    void on_targets_replaced() override {}
};

TEST_F(KvmTest, AHotkeySwitchesThereAndBackAndEachSideGetsItsOwn) {
    start();
    keyboard_->type(KEY_A);
    go_active();
    const std::size_t before = keyboard_->pressed_on_host().size();
    keyboard_->type(KEY_H);
    keyboard_->type(KEY_UP);
    EXPECT_TRUE(until_guest_got({0x23, 0xa3, 0xe0, 0x48, 0xe0, 0xc8}));
    EXPECT_EQ(keyboard_->pressed_on_host().size(), before)
        << "the host saw a key that was meant for the VM";
    EXPECT_EQ(kvm_->metrics().keys_sent, 4U);
    keyboard_->type(KEY_RIGHTCTRL);
    expect_home(LeaveReason::Hotkey);
    keyboard_->type(KEY_B);
    EXPECT_EQ(keyboard_->pressed_on_host().back(), KEY_B);
    EXPECT_TRUE(until_guest_got({0x23, 0xa3, 0xe0, 0x48, 0xe0, 0xc8}))
        << "the hotkey or the last key leaked";
}

TEST_F(KvmTest, ACombinationWithAClickIsNoTap) {
    start();
    keyboard_->press(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([this] { return mouse_->mask().keys == input::NodeMask::Keys::All; }));
    mouse_->type(BTN_LEFT);
    ASSERT_TRUE(until([this] { return mouse_->mask().keys == input::NodeMask::Keys::None; }));
    keyboard_->release(KEY_RIGHTCTRL);
    keyboard_->type(KEY_RIGHTCTRL); // the input thread has come round, and this one counts
    ASSERT_TRUE(until([this] { return kvm_->metrics().activations > 0; }));
    EXPECT_EQ(kvm_->metrics().activations, 1U);
}

TEST_F(KvmTest, TheFirstMotionTakesTheMouseAlong) {
    start();
    go_active();
    mouse_->move(3, -4);
    EXPECT_TRUE(until_guest([](const auto& log) { return log.dx == 3 && log.dy == -4; }));
    ASSERT_TRUE(until_taken_along());
    mouse_->move(10, 20);
    EXPECT_TRUE(until_guest([](const auto& log) { return log.dx == 13 && log.dy == 16; }));
    keyboard_->type(KEY_RIGHTCTRL);
    expect_home(LeaveReason::Hotkey);
    go_active();
    EXPECT_TRUE(until([this] { return mouse_->grabbed(); }))
        << "the second time it is grabbed at once";
}

TEST_F(KvmTest, TheServersEndBringsTheKeyboardHome) {
    auto vm = std::make_unique<SpiceServer>();
    config_.targets = {target("vm", *vm)};
    start();
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until([&] { return vm->log().scancodes == Bytes{0x1e}; }));
    vm.reset();
    expect_home(LeaveReason::GuestLost);
    EXPECT_NE(connection("vm"), core::ConnectionState::Connected);
}

TEST_F(KvmTest, AnotherProgramsGrabIsNamed) {
    start();
    std::function<void(const std::vector<std::string>&)> found;
    kvm_->name_grabbers_by([&found](auto callback) { found = std::move(callback); });
    keyboard_->grab_error = std::errc::device_or_resource_busy;
    keyboard_->type(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([&found] { return found != nullptr; }));
    EXPECT_EQ(kvm_->status().state, SwitchState::Activating);
    found({"keyd.service"});
    EXPECT_TRUE(until_state(SwitchState::Inactive));
    EXPECT_THAT(kvm_->status().last_error,
                testing::HasSubstr("keyd.service runs and grabs keyboards"));
    EXPECT_THAT(kvm_->devices().front().note, testing::HasSubstr("another program"));
    keyboard_->grab_error = {};
    go_active();
    EXPECT_TRUE(until([this] { return kvm_->status().last_error.empty(); }));
    EXPECT_EQ(kvm_->devices().front().note, "keyboard with a hotkey");
}

TEST_F(KvmTest, TheWayHomeDoesNotWaitForAnothersName) {
    start();
    std::function<void(const std::vector<std::string>&)> found;
    kvm_->name_grabbers_by([&found](auto callback) { found = std::move(callback); });
    keyboard_->grab_error = std::errc::device_or_resource_busy;
    keyboard_->type(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([&found] { return found != nullptr; }));
    kvm_->deactivate({}, nullptr);
    EXPECT_TRUE(until_state(SwitchState::Inactive));
    const std::size_t before = reports_.size();
    found({"keyd.service"});
    EXPECT_EQ(reports_.size(), before) << "it came too late";
    keyboard_->grab_error = {};
    go_active();
}

TEST_F(KvmTest, AStalledServerDoesNotHoldTheKeyboard) {
    config_.input.stall_timeout = 60s;
    start();
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until_guest_got({0x1e}));
    {
        const SpiceServer::Stall stall(server_);
        for (int i = 0; i < 100; ++i) {
            mouse_->move(1, 1);
        }
        keyboard_->type(KEY_RIGHTCTRL);
        expect_home(LeaveReason::Hotkey);
        EXPECT_LT(kvm_->metrics().ungrab_us, 1'000'000U);
    }
    EXPECT_TRUE(until_guest(
        [](const auto& log) { return !log.scancodes.empty() && log.scancodes.back() >= 0x80; }));
}

TEST_F(KvmTest, ThePanicChordWorksWhateverElseIsHeld) {
    start();
    go_active();
    for (const int code : {KEY_A, KEY_RIGHTCTRL, KEY_BACKSPACE, KEY_ESC, KEY_ENTER}) {
        keyboard_->press(code);
    }
    EXPECT_TRUE(until([this] { return !reports_.empty() && reports_.back().left.has_value(); }));
    EXPECT_EQ(reports_.back().left, LeaveReason::PanicChord);
    EXPECT_FALSE(keyboard_->grabbed());
    EXPECT_EQ(kvm_->metrics().panic_chords, 1U);
    EXPECT_TRUE(until_guest([](const auto& log) { return released_all(log.scancodes); }));
}

TEST_F(KvmTest, AServerThatStaysStalledIsLeft) {
    config_.input.stall_timeout = 300ms;
    start();
    go_active();
    const SpiceServer::Stall stall(server_);
    keyboard_->press(KEY_A);
    expect_home(LeaveReason::GuestStalled);
}

TEST_F(KvmTest, UnpluggingTheKeyboardReleasesItsKeysInTheGuest) {
    start();
    go_active();
    keyboard_->press(KEY_LEFTSHIFT);
    ASSERT_TRUE(until_guest_got({0x2a}));
    keyboard_->unplug();
    EXPECT_TRUE(until_guest_got({0x2a, 0xaa}));
    expect_home(LeaveReason::NoDevice);
}

TEST_F(KvmTest, DeactivateReleasesWhatIsHeldOnBothSides) {
    start();
    go_active();
    mouse_->move(1, 0);
    ASSERT_TRUE(until_guest([](const auto& log) { return log.dx == 1; }));
    ASSERT_TRUE(until_taken_along());
    server_.forget();
    keyboard_->press(KEY_W);
    mouse_->press(BTN_LEFT);
    ASSERT_TRUE(until_guest(
        [](const auto& log) { return log.scancodes == Bytes{0x11} && log.held.bits == 1; }));
    bool answered = false;
    kvm_->deactivate(
        {}, [&](const Result<core::SwitchReport>& result) { answered = result.has_value(); });
    expect_home(LeaveReason::Request);
    EXPECT_TRUE(answered);
    EXPECT_TRUE(until_guest([](const auto& log) {
        return log.scancodes == Bytes{0x11, 0x91} && log.held.bits == 0;
    }));
    keyboard_->release(KEY_W);
    EXPECT_TRUE(keyboard_->down_on_host().empty());
}

TEST_F(KvmTest, KeysHeldWhileSwitchingAreReleasedForTheHost) {
    start();
    keyboard_->press(KEY_LEFTALT);
    bool answered = false;
    kvm_->activate(
        "vm", {}, [&](const Result<core::SwitchReport>& result) { answered = result.has_value(); });
    ASSERT_TRUE(until([&] { return answered; }));
    EXPECT_TRUE(keyboard_->grabbed());
    EXPECT_TRUE(keyboard_->down_on_host().empty());
    keyboard_->release(KEY_LEFTALT);
    keyboard_->type(KEY_A);
    EXPECT_TRUE(until_guest_got({0x1e, 0x9e})) << "a release that the guest never saw pressed";
}

TEST_F(KvmTest, AMainLoopThatHangsLosesTheGrab) {
    start();
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until_guest_got({0x1e}));
    EXPECT_TRUE(without_main_loop([this] { return !keyboard_->grabbed(); }));
    EXPECT_TRUE(without_main_loop([this] { return server_.log().scancodes == Bytes{0x1e, 0x9e}; }));
    expect_home(LeaveReason::LeaseMissed);
    EXPECT_EQ(kvm_->metrics().leases_missed, 1U);
}

TEST_F(KvmTest, ShuttingDownComesHomeFirst) {
    start();
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until_guest_got({0x1e}));
    bool down = false;
    kvm_->shut_down([&] { down = true; });
    EXPECT_TRUE(until([&] { return down; }));
    EXPECT_FALSE(keyboard_->grabbed());
    kvm_.reset();
    EXPECT_TRUE(server_.wait_for([](const auto& log) {
        return log.scancodes == Bytes{0x1e, 0x9e};
    }));
}

TEST_F(KvmTest, ReloadingKeepsAnActiveTargetThatStaysTheSame) {
    start();
    go_active();
    Result<void> result;
    config_.hotkeys.toggle = hotkey(core::Gesture::Tap, KEY_SCROLLLOCK);
    kvm_->reload([&](Result<void> answer) { result = std::move(answer); });
    EXPECT_TRUE(result);
    keyboard_->type(KEY_A); // the input thread has come round
    ASSERT_TRUE(until_guest_got({0x1e, 0x9e}));
    keyboard_->type(KEY_RIGHTCTRL); // an ordinary key now
    EXPECT_TRUE(until_guest_got({0x1e, 0x9e, 0xe0, 0x1d, 0xe0, 0x9d}));
    EXPECT_EQ(kvm_->status().state, SwitchState::Active);
    keyboard_->type(KEY_SCROLLLOCK);
    expect_home(LeaveReason::Hotkey);
}

TEST_F(KvmTest, ReloadingWithoutTheActiveTargetComesHome) {
    start();
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until_guest_got({0x1e}));
    config_.targets.clear();
    kvm_->reload(nullptr);
    expect_home(LeaveReason::Reload);
    EXPECT_TRUE(kvm_->status().targets.empty());
    EXPECT_TRUE(until_guest_got({0x1e, 0x9e}));
}

TEST_F(KvmTest, AWrongVmGetsNoInput) {
    test::SocketFolder folder;
    test::SpiceServerSettings settings;
    settings.unix_path = folder.socket();
    settings.name = "another";
    SpiceServer other(settings);
    auto wrong = target("pinned", other);
    wrong.vm_name = "mine";
    wrong.connect = config::ConnectMode::OnActivate;
    config_.targets.push_back(wrong);
    start();
    std::optional<Error> error;
    kvm_->activate("pinned", {},
                   [&](const Result<core::SwitchReport>& result) { error = result.error(); });
    ASSERT_TRUE(until([&] { return error.has_value(); }));
    EXPECT_EQ(error->code, ErrorCode::WrongPeer);
    EXPECT_EQ(other.log().inputs_links, 0U);
    EXPECT_FALSE(keyboard_->grabbed());
    EXPECT_EQ(kvm_->status().last_error, error->message);
}

TEST_F(KvmTest, AnUnknownTargetIsRefused) {
    start();
    std::optional<Error> error;
    kvm_->activate("nope", {},
                   [&](const Result<core::SwitchReport>& result) { error = result.error(); });
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::NotFound);
    EXPECT_EQ(kvm_->status().state, SwitchState::Inactive);
}

TEST_F(KvmTest, NextGoesFromVmToVm) {
    SpiceServer second;
    config_.targets.push_back(target("second", second));
    config_.hotkeys.next = hotkey(core::Gesture::Press, KEY_F12);
    start();
    go_active();
    keyboard_->press(KEY_LEFTSHIFT);
    ASSERT_TRUE(until_guest_got({0x2a}));
    keyboard_->type(KEY_F12);
    ASSERT_TRUE(until([this] { return kvm_->status().active_target == "second"; }));
    ASSERT_TRUE(until_state(SwitchState::Active));
    EXPECT_TRUE(until_guest_got({0x2a, 0xaa})) << "the first VM keeps no key";
    keyboard_->type(KEY_A);
    EXPECT_TRUE(until([&] { return second.log().scancodes == Bytes{0x1e, 0x9e}; }));
}

TEST_F(KvmTest, BorrowLastsAsLongAsTheKeyIsHeld) {
    config_.hotkeys.borrow = hotkey(core::Gesture::Hold, KEY_RIGHTALT);
    config_.hotkeys.timing.hold = 20ms;
    start();
    keyboard_->press(KEY_RIGHTALT);
    ASSERT_TRUE(until_state(SwitchState::Active));
    keyboard_->type(KEY_A);
    EXPECT_TRUE(until_guest_got({0x1e, 0x9e}));
    keyboard_->release(KEY_RIGHTALT);
    expect_home(LeaveReason::Hotkey);
}

TEST_F(KvmTest, AnotherClientIsNotFoughtOver) {
    start();
    go_active();
    server_.kick();
    expect_home(LeaveReason::GuestLost);
    EXPECT_TRUE(until([this] { return connection("vm") == core::ConnectionState::TakenOver; }));
    const unsigned links = server_.log().main_links;
    keyboard_->type(KEY_RIGHTCTRL); // the user wants it back
    EXPECT_TRUE(until_state(SwitchState::Active));
    EXPECT_GT(server_.log().main_links, links);
}

using Lock = core::SeatSession::Lock;

TEST_F(KvmTest, AnotherSessionOnTheSeatFindsTheKeyboardAtHome) {
    start();
    kvm_->on_seat(seat("1", Lock::Open), nullptr);
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until_guest_got({0x1e}));
    kvm_->on_seat(seat("2", Lock::Open), nullptr);
    expect_home(LeaveReason::Session);
    EXPECT_TRUE(until_guest_got({0x1e, 0x9e}));
    EXPECT_EQ(called_home_, 1U);
    EXPECT_EQ(kvm_->status().blocked, "");
}

TEST_F(KvmTest, ALockedHostComesHomeAndStaysThere) {
    const auto other =
        std::make_shared<FakeDevice>(FakeDevice::keyboard("/dev/input/event3"), &Clock::now);
    start();
    kvm_->add_node(other->open());
    kvm_->on_seat(seat("1", Lock::Open), nullptr);
    go_active();
    kvm_->on_seat(seat("1", Lock::Locked), nullptr);
    expect_home(LeaveReason::Locked);
    const TimePoint since = kvm_->status().since;
    EXPECT_THAT(kvm_->status().blocked, testing::HasSubstr("locked"));
    std::optional<Error> error;
    kvm_->activate("vm", {},
                   [&](const Result<core::SwitchReport>& result) { error = result.error(); });
    ASSERT_TRUE(error);
    EXPECT_EQ(*error, (Error{ErrorCode::Blocked, kvm_->status().blocked}));
    kvm_->activate_default();
    EXPECT_EQ(kvm_->status().state, SwitchState::Inactive);
    // A hotkey does not help, and is not kept for later.
    keyboard_->press(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([this] { return mouse_->mask().keys == input::NodeMask::Keys::All; }));
    keyboard_->release(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([this] { return mouse_->mask().keys == input::NodeMask::Keys::None; }));
    other->unplug(); // is reported after the hotkey
    ASSERT_TRUE(until([this] {
        const auto devices = kvm_->devices();
        return std::ranges::any_of(devices, [](const auto& d) { return d.note == "unplugged"; });
    }));
    kvm_->on_seat(seat("1", Lock::Open), nullptr);
    EXPECT_EQ(kvm_->status().since, since) << "it was inactive all the time";
    EXPECT_EQ(kvm_->status().blocked, "");
    go_active();
    EXPECT_EQ(kvm_->metrics().activations_failed, 0U);
}

TEST_F(KvmTest, ALockThatIsAllowedLeavesTheVmActive) {
    config_.daemon.when_locked = core::WhenLocked::Allow;
    start();
    kvm_->on_seat(seat("1", Lock::Open), nullptr);
    go_active();
    kvm_->on_seat(seat("1", Lock::Locked), nullptr);
    kvm_->on_lock_request();
    EXPECT_EQ(kvm_->status().state, SwitchState::Active);
    config_.daemon.when_locked = core::WhenLocked::Deny;
    kvm_->reload(nullptr);
    expect_home(LeaveReason::Locked);
}

TEST_F(KvmTest, ARequestToLockComesHome) {
    start();
    kvm_->on_seat(seat("1", Lock::Open), nullptr);
    go_active();
    kvm_->on_lock_request();
    expect_home(LeaveReason::Locked);
    EXPECT_EQ(kvm_->status().blocked, "");
}

TEST_F(KvmTest, ASuspendDropsAnActivationThatIsUnderWay) {
    const SpiceServer::Stall stall(server_);
    auto slow = target("slow", server_);
    slow.connect = config::ConnectMode::OnActivate;
    config_.targets = {slow};
    start_again();
    kvm_->add_node(keyboard_->open());
    std::optional<Error> error;
    kvm_->activate("slow", {},
                   [&](const Result<core::SwitchReport>& result) { error = result.error(); });
    EXPECT_EQ(kvm_->status().state, SwitchState::Activating);
    auto state = seat("1", Lock::Open);
    state.suspending = true;
    bool home = false;
    kvm_->on_seat(state, [&] { home = true; });
    EXPECT_TRUE(home) << "nothing was away";
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, ErrorCode::Cancelled);
    EXPECT_EQ(kvm_->status().state, SwitchState::Inactive);
    state.suspending = false;
    kvm_->on_seat(state, nullptr);
    EXPECT_EQ(kvm_->status().state, SwitchState::Inactive);
}

config::MonitorConfig monitor(const std::string& connector) {
    config::MonitorConfig monitor;
    monitor.match.connector = connector;
    monitor.set = {{0x60, false, "displayport-1", "hdmi-1"}};
    monitor.wake_delay = Milliseconds{0};
    return monitor;
}

constexpr char kMonitorToGuest[] = "5: 51 84 03 60 00 11 c9";
constexpr char kMonitorToHost[] = "5: 51 84 03 60 00 0f d7";

TEST_F(KvmTest, AMonitorFollowsTheSwitchThereAndBack) {
    rig_.add_monitor(5);
    config_.targets[0].monitors = {monitor("DP-5")};
    start();
    go_active();
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    EXPECT_THAT(reports_.back().steps,
                testing::Contains(core::StepResult{"monitor:monitor1", core::StepOutcome::Ok,
                                                   "switch command sent"}));
    EXPECT_THAT(rig_.received(), testing::ElementsAre(kMonitorToGuest));
    keyboard_->type(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([this] { return !keyboard_->grabbed(); }));
    EXPECT_THAT(rig_.received(), testing::SizeIs(1)) << "the keyboard is home first";
    expect_home(LeaveReason::Hotkey);
    EXPECT_THAT(rig_.received(), testing::ElementsAre(kMonitorToGuest, kMonitorToHost));
}

TEST_F(KvmTest, ASuspendIsToldOfTheWayHomeWhenMonitorsAreThere) {
    rig_.add_monitor(5);
    config_.targets[0].monitors = {monitor("DP-5")};
    start();
    go_active();
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    auto state = seat("1", Lock::Open);
    state.suspending = true;
    unsigned home = 0;
    kvm_->on_seat(state, [&] {
        ++home;
        EXPECT_FALSE(keyboard_->grabbed());
        EXPECT_THAT(rig_.received(), testing::ElementsAre(kMonitorToGuest, kMonitorToHost));
    });
    EXPECT_EQ(home, 0U);
    expect_home(LeaveReason::Suspend);
    EXPECT_EQ(home, 1U);
    EXPECT_THAT(kvm_->status().blocked, testing::HasSubstr("sleep"));
    kvm_->on_seat(seat("1", Lock::Open), nullptr); // it is back
    EXPECT_EQ(kvm_->status().state, SwitchState::Inactive);
    go_active();
}

TEST_F(KvmTest, AMonitorThatHangsHoldsUpNothingButItself) {
    rig_.add_monitor(5, "hang");
    config_.targets[0].monitors = {monitor("DP-5")};
    start();
    go_active();
    keyboard_->press(KEY_A);
    ASSERT_TRUE(until_guest_got({0x1e}));
    keyboard_->type(KEY_RIGHTCTRL);
    ASSERT_TRUE(until([this] { return !keyboard_->grabbed(); }));
    EXPECT_TRUE(keyboard_->down_on_host().empty());
    expect_home(LeaveReason::Hotkey);
}

TEST_F(KvmTest, MonitorsAreLookedAtWhileThereIsNoSwitch) {
    rig_.add_monitor(5);
    config_.targets[0].monitors = {monitor("DP-5")};
    start();
    std::vector<Result<core::DisplayFeature>> answers;
    const auto get = [&] {
        kvm_->monitors().displays().get("DP-5", 0x60,
                                        [&](auto answer) { answers.push_back(std::move(answer)); });
    };
    get();
    ASSERT_TRUE(until([&] { return answers.size() == 1; }));
    ASSERT_TRUE(answers[0]) << answers[0].error().message;
    EXPECT_EQ(answers[0]->current, 0x0f);
    rig_.become(5, "hang");
    go_active();
    get(); // its monitor hangs
    ASSERT_EQ(answers.size(), 2U);
    ASSERT_FALSE(answers[1]);
    EXPECT_EQ(answers[1].error().code, ErrorCode::Busy);
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    rig_.become(5, "");
    get();
    ASSERT_TRUE(until([&] { return answers.size() == 3; }));
    EXPECT_TRUE(answers[2]) << answers[2].error().message;
}

TEST_F(KvmTest, AMonitorLeftAwayByACrashComesHomeAtTheNextStart) {
    rig_.add_monitor(5);
    config_.targets[0].monitors = {monitor("DP-5")};
    start();
    go_active();
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    kvm_.reset(); // as a crash leaves it: nothing was sent
    EXPECT_THAT(rig_.received(), testing::ElementsAre(kMonitorToGuest));
    start_again();
    EXPECT_TRUE(until([this] { return rig_.received().size() == 2; }));
    EXPECT_EQ(rig_.received().back(), kMonitorToHost);
    EXPECT_EQ(kvm_->status().state, SwitchState::Inactive);
}

TEST_F(KvmTest, AReloadWithoutTheActiveTargetBringsItsMonitorHomeToo) {
    rig_.add_monitor(5);
    config_.targets[0].monitors = {monitor("DP-5")};
    start();
    go_active();
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    config_.targets.clear();
    kvm_->reload(nullptr);
    expect_home(LeaveReason::Reload);
    EXPECT_THAT(rig_.received(), testing::ElementsAre(kMonitorToGuest, kMonitorToHost));
}

/// A test of the way home of "monitor1", begun and at the guest's input.
class ReturnTestOfKvm : public KvmTest {
  protected:
    void SetUp() override {
        rig_.add_monitor(5, "unit=a");
        config_.targets[0].monitors = {monitor("DP-5")};
        start();
    }
    void begin() {
        begin_only();
        ASSERT_TRUE(until([this] { return has(kMonitorToGuest); }));
    }
    void begin_only() {
        kvm_->monitors().displays().test_return("vm", "monitor1", Milliseconds{1000},
                                                [this](auto given) { answer_ = std::move(given); });
    }
    [[nodiscard]] bool has(const char* line) const {
        const auto lines = rig_.received();
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
    bool until_monitor_home() {
        return until([this] {
            return has(kMonitorToHost) && !std::filesystem::exists(rig_.folder.path() / "away");
        });
    }

    std::optional<Result<std::vector<core::ReturnTrial>>> answer_;
};

TEST_F(ReturnTestOfKvm, FindsOutAndIsHomeAfterwards) {
    begin();
    ASSERT_TRUE(until([this] { return answer_.has_value(); }));
    ASSERT_TRUE(*answer_) << answer_->error().message;
    ASSERT_EQ((*answer_)->size(), 1U);
    EXPECT_EQ((*answer_)->front().verdict, core::ReturnTrial::Verdict::Works);
    EXPECT_TRUE(until_monitor_home());
}

TEST_F(ReturnTestOfKvm, IsRefusedWhileATargetIsActiveAndForWhatIsNotThere) {
    kvm_->monitors().displays().test_return("vm", "other", Milliseconds{1000},
                                            [this](auto given) { answer_ = std::move(given); });
    EXPECT_EQ(answer_->error().code, ErrorCode::NotFound);
    go_active();
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    begin_only();
    EXPECT_EQ(answer_->error().code, ErrorCode::Busy);
    keyboard_->type(KEY_RIGHTCTRL);
    expect_home(LeaveReason::Hotkey);
    begin_only();
    EXPECT_TRUE(until([this] { return answer_ && answer_->has_value(); }));
}

TEST_F(ReturnTestOfKvm, ASwitchEndsItAndHasTheMonitor) {
    begin();
    go_active();
    ASSERT_TRUE(until([this] { return !reports_.empty(); }));
    EXPECT_EQ(answer_->error().message, "a switch began");
    EXPECT_FALSE(has(kMonitorToHost));
    keyboard_->type(KEY_RIGHTCTRL);
    expect_home(LeaveReason::Hotkey);
    EXPECT_TRUE(until_monitor_home());
}

TEST_F(ReturnTestOfKvm, StoppedItComesHome) {
    begin();
    kvm_->monitors().displays().stop_test();
    EXPECT_EQ(answer_->error().code, ErrorCode::Cancelled);
    EXPECT_TRUE(until_monitor_home());
}

TEST_F(ReturnTestOfKvm, AReloadWithoutTheMonitorBringsItHome) {
    begin();
    config_.targets[0].monitors.clear();
    kvm_->reload(nullptr);
    EXPECT_EQ(answer_->error().code, ErrorCode::Cancelled);
    EXPECT_TRUE(until_monitor_home());
}

TEST_F(ReturnTestOfKvm, TheEndOfTheDaemonWaitsForTheMonitor) {
    begin();
    bool ended = false;
    kvm_->shut_down([&] {
        ended = true;
        EXPECT_TRUE(has(kMonitorToHost));
    });
    EXPECT_TRUE(until([&] { return ended; }));
    EXPECT_TRUE(until_monitor_home());
}

TEST_F(ReturnTestOfKvm, ASuspendWaitsForTheMonitor) {
    begin();
    auto state = seat("1", Lock::Open);
    state.suspending = true;
    bool home = false;
    kvm_->on_seat(state, [&] {
        home = true;
        EXPECT_TRUE(has(kMonitorToHost));
    });
    EXPECT_TRUE(until([&] { return home; }));
    EXPECT_TRUE(until_monitor_home());
}

TEST_F(ReturnTestOfKvm, ACrashDuringItIsRepaired) {
    begin();
    kvm_.reset();
    EXPECT_FALSE(has(kMonitorToHost));
    start_again();
    EXPECT_TRUE(until_monitor_home());
}

} // namespace
} // namespace spicykvm
