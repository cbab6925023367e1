// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"
#include "input/node_table.h"

namespace spicykvm::input::test {
namespace {

core::KeySet set_of(std::initializer_list<int> codes) {
    core::KeySet set;
    for (const int code : codes) {
        set.set(static_cast<std::size_t>(code));
    }
    return set;
}

class NodeTableTest : public ::testing::Test {
  protected:
    static constexpr core::DeviceSlot kSlot{3};

    void plug(const NodeIdentity& identity) {
        device_ = std::make_shared<FakeDevice>(identity, FakeClock::now);
        NodePlan plan;
        plan.keyboard = true;
        table_.add(kSlot, device_->open(), plan);
        ASSERT_EQ(NodeTable::set_mask(entry(), {NodeMask::Keys::All, true}, {}), std::errc{});
    }
    NodeEntry& entry() { return *table_.find(kSlot); }

    NodeTable table_{FakeClock::now};
    std::shared_ptr<FakeDevice> device_;
};

TEST_F(NodeTableTest, FindsWhatWasAddedUntilItIsRemoved) {
    EXPECT_EQ(table_.find(kSlot), nullptr);
    plug(FakeDevice::keyboard("/dev/input/event1"));
    EXPECT_NE(table_.find(kSlot), nullptr);
    EXPECT_NE(table_.remove(kSlot), nullptr);
    EXPECT_EQ(table_.find(kSlot), nullptr);
    EXPECT_EQ(table_.remove(kSlot), nullptr);
}

TEST_F(NodeTableTest, TakesAKeyboardAtRest) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    const auto taken = table_.take(entry(), {});
    EXPECT_EQ(taken.error, std::errc{});
    EXPECT_EQ(taken.released, 0U);
    EXPECT_TRUE(device_->grabbed());
    EXPECT_EQ(table_.grabbed_keyboards(), 1U);
    EXPECT_EQ(table_.grabbed_pointers(), 0U);
    EXPECT_EQ(table_.grabbed_bits(), 1U << 3);
}

TEST_F(NodeTableTest, PressesAHeldHotkeyAgainForUsAlone) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    device_->press(KEY_RIGHTCTRL);
    device_->press(KEY_W);
    const auto taken = table_.take(entry(), set_of({KEY_RIGHTCTRL, KEY_PAUSE}));
    EXPECT_EQ(taken.released, 2U);
    EXPECT_FALSE(taken.keys_kept);
    EXPECT_EQ(taken.down, set_of({KEY_RIGHTCTRL}));
    EXPECT_TRUE(device_->down_on_host().empty());
    core::KeySet held;
    EXPECT_EQ(entry().node->held_keys(held), std::errc{});
    EXPECT_EQ(held, set_of({KEY_RIGHTCTRL}));
}

TEST_F(NodeTableTest, CountsAKeyOfTheGapAsReleased) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    bool once = true;
    device_->before_grab = [&] {
        if (std::exchange(once, false)) {
            device_->press(KEY_B);
        }
    };
    const auto taken = table_.take(entry(), {});
    EXPECT_EQ(taken.released, 1U);
    EXPECT_FALSE(taken.keys_kept);
    EXPECT_TRUE(device_->down_on_host().empty());
}

TEST_F(NodeTableTest, KeepsWhatItCannotRelease) {
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event1");
    identity.writable = false;
    plug(identity);
    EXPECT_FALSE(NodeTable::must_wait(entry()));
    device_->press(KEY_W);
    EXPECT_TRUE(NodeTable::must_wait(entry()));
    const auto taken = table_.take(entry(), {});
    EXPECT_EQ(taken.error, std::errc{});
    EXPECT_EQ(taken.released, 0U);
    EXPECT_TRUE(taken.keys_kept);
}

TEST_F(NodeTableTest, SaysWhyItCouldNotGrab) {
    plug(FakeDevice::keyboard("/dev/input/event1"));
    device_->grab_error = std::errc::device_or_resource_busy;
    EXPECT_EQ(table_.take(entry(), {}).error, std::errc::device_or_resource_busy);
    EXPECT_FALSE(entry().grabbed);
    device_->unplug();
    EXPECT_EQ(table_.take(entry(), {}).error, std::errc::no_such_device);
}

TEST_F(NodeTableTest, LeavesLedsAloneThatItCannotSet) {
    NodeIdentity identity = FakeDevice::keyboard("/dev/input/event1");
    identity.writable = false;
    plug(identity);
    NodeTable::show_leds(entry(), {.num = true, .caps = true, .scroll = true});
    NodeTable::after_ungrab(entry());
    EXPECT_TRUE(device_->leds_written().empty());
}

} // namespace
} // namespace spicykvm::input::test
