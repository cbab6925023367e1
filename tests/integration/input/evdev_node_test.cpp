// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/evdev_node.h"
#include "udev_rig.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <linux/input.h>

namespace spicykvm::input {
namespace {

using core::KeySet;
using test::UdevRig;

constexpr int kNumber = 5;

KeySet set_of(std::initializer_list<int> codes) {
    KeySet set;
    for (const int code : codes) {
        set.set(static_cast<std::size_t>(code));
    }
    return set;
}

bool is_empty(const std::vector<std::uint8_t>& mask) {
    return std::all_of(mask.begin(), mask.end(), [](std::uint8_t byte) { return byte == 0; });
}

class EvdevNodeOnRig : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(UdevRig::available()) << "run with LD_PRELOAD=libumockdev-preload.so.0";
        rig_ = std::make_unique<UdevRig>();
        rig_->plug(kNumber);
        NodeIdentity known;
        known.path = "/dev/input/event" + std::to_string(kNumber);
        known.seat = "seat7";
        auto node = EvdevNode::open(known);
        ASSERT_TRUE(node) << node.error().message;
        node_ = std::move(*node);
    }
    test::NodeRecord record() { return rig_->record(kNumber); }

    std::unique_ptr<UdevRig> rig_;
    std::unique_ptr<EvdevNode> node_;
};

TEST_F(EvdevNodeOnRig, KnowsWhatTheDeviceIs) {
    const NodeIdentity& identity = node_->identity();
    EXPECT_EQ(identity.path, "/dev/input/event5");
    EXPECT_EQ(identity.name, "Rig Keyboard");
    EXPECT_EQ(identity.phys, "rig-1/input0");
    EXPECT_EQ(identity.uniq, "");
    EXPECT_EQ(identity.bus, BUS_USB);
    EXPECT_EQ(identity.id, (DeviceId{0x1234, 0x0001}));
    EXPECT_EQ(identity.seat, "seat7") << "what udev knows stays";
    EXPECT_TRUE(identity.keys.test(KEY_A));
    EXPECT_FALSE(identity.keys.test(BTN_LEFT));
    EXPECT_FALSE(identity.motion);
    EXPECT_FALSE(identity.absolute);
    EXPECT_TRUE(identity.leds);
    EXPECT_TRUE(identity.repeats);
    EXPECT_TRUE(identity.writable);
    EXPECT_TRUE(record().monotonic);
}

TEST_F(EvdevNodeOnRig, LetsNothingThroughAtFirst) {
    const auto masks = record().masks;
    for (const unsigned type :
         {1U, 2U, 3U, 4U, 5U, 0x11U, 0x12U}) { // EV_KEY to EV_SW, EV_LED, EV_SND
        ASSERT_EQ(masks.count(type), 1U) << "type " << type;
        EXPECT_TRUE(is_empty(masks.at(type))) << "type " << type;
    }
}

TEST_F(EvdevNodeOnRig, LetsThroughWhatTheMaskSays) {
    EXPECT_EQ(node_->set_mask({NodeMask::Keys::Hotkeys, false}, set_of({KEY_RIGHTCTRL})),
              std::errc{});
    std::vector<std::uint8_t> only_ctrl(KEY_CNT / 8, 0);
    only_ctrl[KEY_RIGHTCTRL / 8] = 1U << (KEY_RIGHTCTRL % 8);
    EXPECT_EQ(record().masks.at(EV_KEY), only_ctrl);
    EXPECT_TRUE(is_empty(record().masks.at(EV_REL)));

    EXPECT_EQ(node_->set_mask({NodeMask::Keys::All, true}, {}), std::errc{});
    EXPECT_EQ(record().masks.at(EV_KEY), std::vector<std::uint8_t>(KEY_CNT / 8, 0xff));
    EXPECT_EQ(record().masks.at(EV_REL), std::vector<std::uint8_t>(8, 0xff));
    EXPECT_TRUE(is_empty(record().masks.at(EV_MSC))) << "scan codes are never wanted";
}

TEST_F(EvdevNodeOnRig, GrabsAndLetsGo) {
    EXPECT_EQ(node_->grab(), std::errc{});
    EXPECT_TRUE(record().grabbed);
    EXPECT_EQ(node_->ungrab(), std::errc{});
    EXPECT_FALSE(record().grabbed);
    rig_->set_busy(kNumber);
    EXPECT_EQ(node_->grab(), std::errc::device_or_resource_busy);
}

TEST_F(EvdevNodeOnRig, ReadsHeldKeys) {
    rig_->set_held(kNumber, {KEY_A, KEY_RIGHTCTRL, KEY_MICMUTE});
    KeySet held;
    EXPECT_EQ(node_->held_keys(held), std::errc{});
    EXPECT_EQ(held, set_of({KEY_A, KEY_RIGHTCTRL, KEY_MICMUTE}));
}

TEST_F(EvdevNodeOnRig, WritesKeysAsOneReport) {
    EXPECT_EQ(node_->write_keys(set_of({KEY_W, KEY_LEFTSHIFT}), false), std::errc{});
    const auto written = record().written;
    ASSERT_EQ(written.size(), 3U);
    EXPECT_EQ(written[0].type, EV_KEY);
    EXPECT_EQ(written[0].code, KEY_W);
    EXPECT_EQ(written[0].value, 0);
    EXPECT_EQ(written[1].code, KEY_LEFTSHIFT);
    EXPECT_EQ(written[2].type, EV_SYN);
    EXPECT_EQ(written[2].code, SYN_REPORT);
}

TEST_F(EvdevNodeOnRig, WritesAnyNumberOfKeys) {
    KeySet all;
    all.set();
    EXPECT_EQ(node_->write_keys(all, true), std::errc{});
    std::size_t keys = 0;
    for (const input_event& event : record().written) {
        keys += event.type == EV_KEY && event.value == 1 ? 1 : 0;
    }
    EXPECT_EQ(keys, static_cast<std::size_t>(KEY_CNT));
    EXPECT_EQ(record().written.back().type, EV_SYN);
    EXPECT_EQ(node_->write_keys({}, true), std::errc{}) << "nothing to write";
}

TEST_F(EvdevNodeOnRig, ReadsAndWritesLeds) {
    const core::LedState host{.num = true, .caps = false, .scroll = true};
    rig_->set_leds(kNumber, host);
    core::LedState leds;
    EXPECT_EQ(node_->read_leds(leds), std::errc{});
    EXPECT_EQ(leds, host);
    EXPECT_EQ(node_->write_leds({.num = false, .caps = true, .scroll = false}), std::errc{});
    const auto written = record().written;
    ASSERT_EQ(written.size(), 4U);
    EXPECT_EQ(written[0].type, EV_LED);
    EXPECT_EQ(written[0].code, LED_NUML);
    EXPECT_EQ(written[0].value, 0);
    EXPECT_EQ(written[1].code, LED_CAPSL);
    EXPECT_EQ(written[1].value, 1);
    EXPECT_EQ(written[3].type, EV_SYN);
}

} // namespace
} // namespace spicykvm::input
