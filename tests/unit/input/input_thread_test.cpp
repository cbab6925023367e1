// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"
#include "input/input_thread.h"

#include <functional>
#include <systemd/sd-event.h>

namespace spicykvm::input::test {
namespace {

using core::LeaveReason;

/// The thread itself, over the real clock. Nothing sleeps: each test waits for reports.
class InputThreadTest : public ::testing::Test, private core::InputObserver {
  protected:
    static constexpr core::TargetId kTarget{0};

    InputThreadTest() {
        settings_.hotkeys = usual_hotkeys();
        settings_.devices.virtual_devices = true;
        settings_.rt_priority = 0;
        settings_.watch_devices = false;
    }

    void start() {
        core::InputObserver& self = *this; // a base that only we may know
        thread_ = std::make_unique<InputThread>(loop_, self, settings_);
    }

    std::shared_ptr<FakeDevice> add_keyboard(const std::string& path = "/dev/input/event1") {
        return add(FakeDevice::keyboard(path, "port of " + path));
    }
    std::shared_ptr<FakeDevice> add(const NodeIdentity& identity) {
        auto device = std::make_shared<FakeDevice>(
            identity, +[]() noexcept { return Clock::now(); });
        thread_->add_node(device->open());
        return device;
    }

    /// Turns the main loop until something is so; the lease is renewed meanwhile.
    void wait_until(const std::function<bool()>& condition) {
        const TimePoint give_up = Clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            ASSERT_LT(Clock::now(), give_up) << "waited for too long; log: " << log_;
            if (renewing_) {
                thread_->renew_lease();
            }
            ASSERT_GE(sd_event_run(loop_.raw(), 1000), 0);
        }
    }
    void wait_for(const std::string& word) {
        wait_until([&] { return log_.find(word) != std::string::npos; });
        log_.clear();
    }

    EventLoop loop_;
    InputSettings settings_;
    std::string log_;
    bool renewing_ = true;
    core::EnterReport entered_;
    core::LeaveReport left_;
    Error error_;
    std::unique_ptr<InputThread> thread_;

  private:
    void on_entered(std::uint32_t serial, const core::EnterReport& report) override {
        entered_ = report;
        log_ += "entered" + std::to_string(serial) + ' ';
    }
    void on_enter_failed(std::uint32_t serial, const Error& error) override {
        error_ = error;
        log_ += "failed" + std::to_string(serial) + ' ';
    }
    void on_left(const core::LeaveReport& report) override {
        left_ = report;
        log_ += "left ";
    }
    void on_hotkey(const core::Hotkey&, bool begin) override { log_ += begin ? "hotkey " : "end "; }
    void on_guest_lost(core::TargetId target) override {
        log_ += "lost" + std::to_string(index(target)) + ' ';
    }
};

TEST_F(InputThreadTest, GoesThereAndBack) {
    FakeGuest guest;
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    EXPECT_TRUE(keyboard->grabbed());
    EXPECT_EQ(entered_.keyboards, 1U);
    EXPECT_TRUE(thread_->devices()[0].grabbed);
    EXPECT_TRUE(thread_->heartbeat());
    keyboard->type(KEY_A);
    wait_until([&] { return guest.messages() == 2; });
    EXPECT_EQ(guest.take(), "+30 -30");
    thread_->leave(LeaveReason::Request);
    wait_for("left");
    EXPECT_EQ(left_.reason, LeaveReason::Request);
    EXPECT_FALSE(keyboard->grabbed());
    EXPECT_FALSE(thread_->devices()[0].grabbed);
    EXPECT_FALSE(thread_->heartbeat());
    EXPECT_EQ(thread_->metrics().enters.load(), 1U);
    EXPECT_EQ(thread_->metrics().leaves.load(), 1U);
}

TEST_F(InputThreadTest, ReportsAHotkeyAndGoesHomeByItself) {
    FakeGuest guest;
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    wait_until([&] { return keyboard->mask().keys == NodeMask::Keys::Hotkeys; });
    keyboard->type(KEY_RIGHTCTRL);
    wait_for("hotkey");
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    keyboard->press(KEY_PAUSE);
    wait_for("left");
    EXPECT_EQ(left_.reason, LeaveReason::Hotkey);
    EXPECT_FALSE(keyboard->grabbed());
}

TEST_F(InputThreadTest, SaysWhyItCouldNotEnter) {
    FakeGuest guest;
    start();
    thread_->enter(kTarget, 1);
    wait_for("failed1");
    EXPECT_EQ(error_.code, ErrorCode::Disconnected);
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 2);
    wait_for("failed2");
    EXPECT_EQ(error_.code, ErrorCode::NotFound);
    const auto keyboard = add_keyboard();
    keyboard->grab_error = std::errc::device_or_resource_busy;
    thread_->enter(kTarget, 3);
    wait_for("failed3");
    EXPECT_EQ(error_.code, ErrorCode::Busy);
    EXPECT_EQ(error_.message, "no keyboard could be grabbed: Device or resource busy (another "
                              "program, such as a key remapper, has it)");
}

TEST_F(InputThreadTest, LetsGoWhenTheMainLoopHangs) {
    FakeGuest guest;
    settings_.lease = Milliseconds(300);
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    renewing_ = false;
    wait_for("left");
    EXPECT_EQ(left_.reason, LeaveReason::LeaseMissed);
    EXPECT_FALSE(keyboard->grabbed());
}

TEST_F(InputThreadTest, KeepsTheGrabWhileTheLeaseIsRenewed) {
    FakeGuest guest;
    settings_.lease = Milliseconds(300);
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    const TimePoint end = Clock::now() + Milliseconds(1000);
    wait_until([&] { return Clock::now() > end; });
    EXPECT_EQ(log_, "");
    EXPECT_TRUE(keyboard->grabbed());
}

TEST_F(InputThreadTest, ReportsALostGuestAfterTheLeave) {
    FakeGuest guest;
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    guest.close();
    wait_for("left lost0");
    EXPECT_EQ(left_.reason, LeaveReason::GuestLost);
    EXPECT_FALSE(guest.connected()) << "destroyed on the main loop";
}

TEST_F(InputThreadTest, SaysNothingOfAGuestThatWasReplacedOrRemoved) {
    FakeGuest first;
    FakeGuest second;
    FakeGuest third;
    start();
    thread_->add_guest(kTarget, first.connect());
    first.close();
    thread_->add_guest(kTarget, second.connect()); // the loss of the first may be under way
    second.close();
    thread_->remove_guest(kTarget);
    wait_until([&] { return !first.connected() && !second.connected(); });
    EXPECT_EQ(log_, "");
    thread_->add_guest(kTarget, third.connect());
    third.close();
    wait_for("lost0");
}

TEST_F(InputThreadTest, ClosesAnUnpluggedDevice) {
    start();
    const auto keyboard = add_keyboard();
    wait_until([&] { return thread_->devices()[0].used; });
    keyboard->unplug();
    wait_until([&] { return !keyboard->open_now(); });
    EXPECT_EQ(thread_->devices()[0].note, "unplugged");
    EXPECT_FALSE(thread_->devices()[0].used);
}

TEST_F(InputThreadTest, ANewConfigurationChoosesAgain) {
    start();
    const auto keyboard = add_keyboard();
    ASSERT_TRUE(thread_->devices()[0].used);
    settings_.devices.exclude = {{.name = "Fake*", .path = {}, .id = {}, .phys = {}}};
    thread_->configure(settings_);
    wait_until([&] { return !keyboard->open_now(); });
    EXPECT_EQ(thread_->devices()[0].note, "excluded by the configuration");
}

TEST_F(InputThreadTest, LeavesWhenTheNewConfigurationHasNoKeyboard) {
    FakeGuest guest;
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    settings_.devices.automatic = false;
    thread_->configure(settings_);
    wait_for("left");
    EXPECT_EQ(left_.reason, LeaveReason::Reload);
}

TEST_F(InputThreadTest, AHotkeyOfAnOldConfigurationIsNotReported) {
    start();
    const auto keyboard = add_keyboard();
    wait_until([&] { return keyboard->mask().keys == NodeMask::Keys::Hotkeys; });
    keyboard->type(KEY_RIGHTCTRL);
    // The thread has read the keys, but the main loop has not been told.
    while (thread_->metrics().events_read.load() < 4) {
        std::this_thread::yield();
    }
    thread_->configure(settings_);
    thread_->enter(kTarget, 1); // something to wait for
    wait_until([&] { return log_.find("failed1") != std::string::npos; });
    EXPECT_EQ(log_, "failed1 ");
}

TEST_F(InputThreadTest, EndsWithEverythingGivenBack) {
    FakeGuest guest;
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
    keyboard->press(KEY_A);
    wait_until([&] { return guest.anything_down(); });
    thread_.reset();
    EXPECT_FALSE(keyboard->grabbed());
    EXPECT_FALSE(guest.anything_down());
    EXPECT_FALSE(keyboard->open_now());
    EXPECT_FALSE(guest.connected());
}

TEST_F(InputThreadTest, TakesMoreCommandsThanTheMailboxHolds) {
    start();
    // Fewer than the mailbox of the reports holds: the main loop does not turn meanwhile.
    for (std::uint32_t serial = 1; serial <= 1000; ++serial) {
        thread_->enter(kTarget, serial);
    }
    wait_for("failed1000");
}

TEST_F(InputThreadTest, GrabsARealTimePriorityOrGoesOnWithout) {
    FakeGuest guest;
    settings_.rt_priority = 10;
    start();
    const auto keyboard = add_keyboard();
    thread_->add_guest(kTarget, guest.connect());
    thread_->enter(kTarget, 1);
    wait_for("entered1");
}

TEST_F(InputThreadTest, WatchesDevicesWhereThereIsNoUdev) {
    settings_.watch_devices = true;
    settings_.devices.include = {{.name = {}, .path = "/nonexistent/event1", .id = {}, .phys = {}}};
    start();
    const auto devices = thread_->devices();
    const auto missing = std::find_if(devices.begin(), devices.end(), [](const auto& device) {
        return device.node == "/nonexistent/event1";
    });
    ASSERT_NE(missing, devices.end());
    EXPECT_EQ(missing->note, "open /nonexistent/event1: No such file or directory");
}

} // namespace
} // namespace spicykvm::input::test
