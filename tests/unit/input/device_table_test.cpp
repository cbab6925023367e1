// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"
#include "input/device_table.h"

#include <map>

namespace spicykvm::input::test {
namespace {

class DeviceTableTest : public ::testing::Test, private DeviceSink {
  protected:
    DeviceTableTest()
        : table_(*this, [this](const NodeIdentity& identity) { return reopen(identity); }) {}

    std::shared_ptr<FakeDevice> plug(const NodeIdentity& identity) {
        auto device = std::make_shared<FakeDevice>(identity, FakeClock::now);
        table_.found(device->open());
        choose();
        return device;
    }
    void choose() { table_.choose(selection_, hotkeys_); }
    std::string take_log() { return std::exchange(log_, {}); }
    core::DeviceStatus only() {
        const auto list = table_.status(grabbed_);
        EXPECT_EQ(list.size(), 1U);
        return list.empty() ? core::DeviceStatus{} : list[0];
    }
    /// The input thread closes a node.
    void close(unsigned slot) {
        nodes_.erase(slot);
        table_.on_closed(core::DeviceSlot{static_cast<std::uint8_t>(slot)});
        choose();
    }

    DeviceSelection selection_;
    core::HotkeyTable hotkeys_ = usual_hotkeys();
    std::uint64_t grabbed_ = 0;
    bool refuse_ = false;
    DeviceTable table_;
    std::map<std::size_t, std::unique_ptr<InputNode>> nodes_;

  private:
    void note(const std::string& word, core::DeviceSlot slot) {
        log_ += (log_.empty() ? "" : " ") + word + std::to_string(index(slot));
    }
    void add(core::DeviceSlot slot, const NodePlan&, std::unique_ptr<InputNode> node) override {
        EXPECT_EQ(nodes_.count(index(slot)), 0U) << "the slot is in use";
        nodes_[index(slot)] = std::move(node);
        note("add", slot);
    }
    void change(core::DeviceSlot slot, const NodePlan&) override { note("change", slot); }
    void remove(core::DeviceSlot slot, bool unplugged) override {
        note(unplugged ? "unplug" : "drop", slot);
    }
    Result<std::unique_ptr<InputNode>> reopen(const NodeIdentity& identity) {
        if (refuse_) {
            return fail(ErrorCode::AccessDenied, "open " + identity.path + ": no");
        }
        reopened_.push_back(std::make_shared<FakeDevice>(identity, FakeClock::now));
        return reopened_.back()->open();
    }

    std::string log_;
    std::vector<std::shared_ptr<FakeDevice>> reopened_;
};

TEST_F(DeviceTableTest, HandsAChosenNodeOver) {
    const auto keyboard = plug(FakeDevice::keyboard("/dev/input/event1", "usb-1/input0"));
    EXPECT_EQ(take_log(), "add0");
    EXPECT_TRUE(keyboard->open_now());
    EXPECT_TRUE(table_.holds("/dev/input/event1"));
    grabbed_ = 1;
    const auto status = only();
    EXPECT_EQ(status.node, "/dev/input/event1");
    EXPECT_EQ(status.name, "Fake Keyboard");
    EXPECT_EQ(status.id, "1234:0001");
    EXPECT_EQ(status.phys, "usb-1/input0");
    EXPECT_TRUE(status.keyboard);
    EXPECT_FALSE(status.pointer);
    EXPECT_TRUE(status.used);
    EXPECT_TRUE(status.grabbed);
    EXPECT_EQ(status.note, "keyboard with a hotkey");
}

TEST_F(DeviceTableTest, ClosesANodeThatIsNotChosen) {
    selection_.automatic = false;
    const auto keyboard = plug(FakeDevice::keyboard("/dev/input/event1"));
    EXPECT_EQ(take_log(), "");
    EXPECT_FALSE(keyboard->open_now());
    EXPECT_FALSE(table_.holds("/dev/input/event1"));
    EXPECT_TRUE(table_.knows("/dev/input/event1"));
    EXPECT_FALSE(only().used);
    EXPECT_EQ(only().note, "not named in the configuration");
}

TEST_F(DeviceTableTest, OpensItAgainWhenItIsChosenLater) {
    selection_.automatic = false;
    plug(FakeDevice::keyboard("/dev/input/event1"));
    selection_.automatic = true;
    choose();
    EXPECT_EQ(take_log(), "add0");
    EXPECT_TRUE(only().used);
}

TEST_F(DeviceTableTest, SaysWhyItCouldNotBeOpenedAgain) {
    selection_.automatic = false;
    plug(FakeDevice::keyboard("/dev/input/event1"));
    selection_.automatic = true;
    refuse_ = true;
    choose();
    EXPECT_EQ(take_log(), "");
    EXPECT_EQ(only().note, "open /dev/input/event1: no");
    EXPECT_FALSE(only().used);
}

TEST_F(DeviceTableTest, DropsWhatTheConfigurationNoLongerWants) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    take_log();
    selection_.automatic = false;
    choose();
    choose();
    EXPECT_EQ(take_log(), "drop0") << "once";
    close(0);
    EXPECT_EQ(take_log(), "");
    EXPECT_FALSE(only().used);
    EXPECT_EQ(only().note, "not named in the configuration");
}

TEST_F(DeviceTableTest, TakesItBackWhenWantedAgainBeforeItWasClosed) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    take_log();
    selection_.automatic = false;
    choose();
    selection_.automatic = true;
    choose();
    EXPECT_EQ(take_log(), "drop0");
    close(0);
    EXPECT_EQ(take_log(), "add0");
    EXPECT_TRUE(only().used);
}

TEST_F(DeviceTableTest, TellsOfAChangedPlanOnly) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    take_log();
    choose();
    EXPECT_EQ(take_log(), "");
    selection_.include = {{.name = "Fake*", .path = {}, .id = {}, .phys = {}}};
    choose();
    EXPECT_EQ(take_log(), "change0");
}

TEST_F(DeviceTableTest, ForgetsAnUnpluggedDeviceOnceItIsClosed) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    take_log();
    table_.gone("/dev/input/event1");
    table_.gone("/dev/input/event1");
    EXPECT_EQ(take_log(), "unplug0");
    EXPECT_TRUE(table_.status(0).empty());
    EXPECT_FALSE(table_.knows("/dev/input/event1"));
    close(0);
    EXPECT_TRUE(table_.status(0).empty());
}

TEST_F(DeviceTableTest, TheKernelMayBeFasterThanUdev) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    take_log();
    close(0); // ENODEV
    EXPECT_EQ(take_log(), "") << "not opened again";
    EXPECT_EQ(only().note, "unplugged");
    table_.gone("/dev/input/event1");
    EXPECT_TRUE(table_.status(0).empty());
}

TEST_F(DeviceTableTest, AReplugGetsItsNumberBackWhileTheOldOneIsBeingClosed) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    table_.gone("/dev/input/event1");
    take_log();
    plug(FakeDevice::keyboard("/dev/input/event1"));
    EXPECT_EQ(take_log(), "add1") << "slot 0 is not free yet";
    close(0);
    EXPECT_EQ(take_log(), "");
    EXPECT_TRUE(table_.holds("/dev/input/event1"));
    EXPECT_TRUE(only().used);
}

TEST_F(DeviceTableTest, ListsUselessNodesAndChoosesAmongTheOthers) {
    NodeIdentity lid;
    lid.path = "/dev/input/event10";
    lid.name = "Lid\nSwitch";
    table_.found_useless(lid, "neither keyboard nor pointer");
    plug(FakeDevice::keyboard("/dev/input/event2"));
    const auto list = table_.status(0);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].node, "/dev/input/event2") << "by number";
    EXPECT_EQ(list[1].name, "Lid?Switch");
    EXPECT_EQ(list[1].note, "neither keyboard nor pointer");
    EXPECT_FALSE(list[1].used);
}

TEST_F(DeviceTableTest, ForgetsWhatIsNowhereButNotWhatIsInUse) {
    table_.found_useless(FakeDevice::mouse("/dev/input/by-id/absent"), "No such file");
    plug(FakeDevice::keyboard("/dev/input/event2"));
    table_.forget_missing([](const std::string&) { return true; });
    EXPECT_EQ(table_.status(0).size(), 2U);
    table_.forget_missing([](const std::string&) { return false; });
    EXPECT_EQ(only().node, "/dev/input/event2");
}

TEST_F(DeviceTableTest, HasAnEnd) {
    for (std::size_t i = 0; i <= core::kMaxDevices; ++i) {
        plug(FakeDevice::keyboard("/dev/input/event" + std::to_string(i)));
    }
    const auto list = table_.status(0);
    EXPECT_TRUE(list[core::kMaxDevices - 1].used);
    EXPECT_FALSE(list[core::kMaxDevices].used);
    EXPECT_EQ(list[core::kMaxDevices].note, "too many devices");
}

TEST_F(DeviceTableTest, ShowsTheTroubleOfAnActivationUntilTheNext) {
    const auto keyboard = plug(FakeDevice::keyboard("/dev/input/event1"));
    table_.note_trouble(core::DeviceSlot{0}, "cannot grab it");
    table_.note_trouble(core::DeviceSlot{7}, "nobody is there");
    EXPECT_EQ(only().note, "cannot grab it");
    EXPECT_TRUE(only().used);
    table_.forget_troubles();
    EXPECT_EQ(only().note, "keyboard with a hotkey");
}

TEST_F(DeviceTableTest, KnowsANodeBySlot) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    ASSERT_NE(table_.find(core::DeviceSlot{0}), nullptr);
    EXPECT_EQ(table_.find(core::DeviceSlot{0})->path, "/dev/input/event1");
    EXPECT_EQ(table_.find(core::DeviceSlot{1}), nullptr);
    table_.on_closed(core::DeviceSlot{1}); // of no device: nothing happens
}

} // namespace
} // namespace spicykvm::input::test
