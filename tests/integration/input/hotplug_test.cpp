// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/input_thread.h"
#include "udev_rig.h"

#include <functional>
#include <gtest/gtest.h>
#include <linux/input.h>
#include <systemd/sd-event.h>

namespace spicykvm::input {
namespace {

using test::UdevRig;

class Hotplug : public ::testing::Test, public core::InputObserver {
  protected:
    void SetUp() override {
        ASSERT_TRUE(UdevRig::available()) << "run with LD_PRELOAD=libumockdev-preload.so.0";
        rig_ = std::make_unique<UdevRig>();
        core::Hotkey toggle;
        toggle.keys[0] = core::KeyCode{KEY_RIGHTCTRL};
        settings_.hotkeys.hotkeys = {toggle};
        settings_.rt_priority = 0;
    }
    void start() { thread_ = std::make_unique<InputThread>(loop_, *this, settings_); }

    void wait_until(const std::function<bool()>& condition) {
        const TimePoint give_up = Clock::now() + std::chrono::seconds(20);
        while (!condition()) {
            ASSERT_LT(Clock::now(), give_up) << "waited for too long";
            ASSERT_GE(sd_event_run(loop_.raw(), 1000), 0);
        }
    }
    [[nodiscard]] core::DeviceStatus status(const std::string& node) const {
        for (const auto& device : thread_->devices()) {
            if (device.node == node) {
                return device;
            }
        }
        return {};
    }
    [[nodiscard]] bool is_used(const std::string& node) const { return status(node).used; }

    std::unique_ptr<UdevRig> rig_;
    EventLoop loop_;
    InputSettings settings_;
    unsigned hotkeys_ = 0;
    std::unique_ptr<InputThread> thread_;

  private:
    void on_entered(std::uint32_t, const core::EnterReport&) override {}
    void on_enter_failed(std::uint32_t, const Error&) override {}
    void on_left(const core::LeaveReport&) override {}
    void on_hotkey(const core::Hotkey&, bool) override { ++hotkeys_; }
    void on_guest_lost(core::TargetId) override {}
};

TEST_F(Hotplug, TakesAKeyboardThatComesAndHearsItsHotkey) {
    start();
    EXPECT_EQ(status("/dev/input/event5").node, "");
    rig_->plug(5);
    wait_until([this] { return is_used("/dev/input/event5"); });
    const auto keyboard = status("/dev/input/event5");
    EXPECT_EQ(keyboard.name, "Rig Keyboard");
    EXPECT_EQ(keyboard.id, "1234:0001");
    EXPECT_TRUE(keyboard.keyboard);
    EXPECT_EQ(keyboard.note, "keyboard with a hotkey");
    wait_until([this] {
        const auto mask = rig_->record(5).masks[EV_KEY];
        return mask.size() > KEY_RIGHTCTRL / 8 && mask[KEY_RIGHTCTRL / 8] != 0;
    });
    rig_->type(5, KEY_RIGHTCTRL);
    wait_until([this] { return hotkeys_ == 1; });
}

TEST_F(Hotplug, ForgetsAKeyboardThatGoes) {
    start();
    rig_->plug(5);
    wait_until([this] { return is_used("/dev/input/event5"); });
    rig_->unplug(5);
    wait_until([this] { return status("/dev/input/event5").node.empty(); });
}

TEST_F(Hotplug, TakesOneThatComesBack) {
    start();
    for (int number = 5; number < 8; ++number) {
        const std::string node = "/dev/input/event" + std::to_string(number);
        rig_->plug(number);
        wait_until([&] { return is_used(node); });
        rig_->unplug(number);
        wait_until([&] { return status(node).node.empty(); });
    }
}

TEST_F(Hotplug, ListsAKeyboardThatIsNotWantedAndClosesIt) {
    settings_.devices.exclude = {{.name = "Rig*", .path = {}, .id = {}, .phys = {}}};
    start();
    rig_->plug(5);
    wait_until([this] { return !status("/dev/input/event5").node.empty(); });
    EXPECT_FALSE(is_used("/dev/input/event5"));
    EXPECT_EQ(status("/dev/input/event5").note, "excluded by the configuration");
    settings_.devices.exclude.clear();
    thread_->configure(settings_);
    EXPECT_TRUE(is_used("/dev/input/event5"));
}

} // namespace
} // namespace spicykvm::input
