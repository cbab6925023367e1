// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"
#include "input/device_match.h"

#include <linux/input.h>

namespace spicykvm::input::test {
namespace {

using core::Gesture;
using core::HotkeyAction;

NodeIdentity keys_only(const std::string& path, const std::string& phys,
                       std::initializer_list<int> codes) {
    NodeIdentity node;
    node.path = path;
    node.name = "Keys";
    node.phys = phys;
    node.bus = BUS_USB;
    for (const int code : codes) {
        node.keys.set(static_cast<std::size_t>(code));
    }
    return node;
}

core::HotkeyTable hotkeys_of(std::initializer_list<int> chord) {
    return {.hotkeys = {hotkey(Gesture::Chord, HotkeyAction::Toggle, chord)}, .timing = {}};
}

class DeviceMatch : public ::testing::Test {
  protected:
    std::size_t add(NodeIdentity node) {
        nodes_.push_back(std::move(node));
        return nodes_.size() - 1;
    }
    std::vector<Choice> choose() {
        std::vector<const NodeIdentity*> pointers;
        for (const NodeIdentity& node : nodes_) {
            pointers.push_back(&node);
        }
        return input::choose(pointers, selection_, hotkeys_);
    }

    std::vector<NodeIdentity> nodes_;
    DeviceSelection selection_;
    core::HotkeyTable hotkeys_ = usual_hotkeys();
};

// --- criteria

TEST_F(DeviceMatch, NoCriterionMatchesNothing) {
    EXPECT_FALSE(matches({}, FakeDevice::keyboard("/dev/input/event1")));
}

TEST_F(DeviceMatch, NameAndPhysArePatterns) {
    const NodeIdentity node =
        FakeDevice::keyboard("/dev/input/event1", "usb-0000:00:14.0-2/input0");
    EXPECT_TRUE(matches({.name = "Fake*", .path = {}, .id = {}, .phys = {}}, node));
    EXPECT_TRUE(matches({.name = "?ake Keyboard", .path = {}, .id = {}, .phys = {}}, node));
    EXPECT_FALSE(matches({.name = "Fake", .path = {}, .id = {}, .phys = {}}, node));
    EXPECT_FALSE(matches({.name = "fake*", .path = {}, .id = {}, .phys = {}}, node));
    EXPECT_TRUE(matches({.name = {}, .path = {}, .id = {}, .phys = "usb-*-2/*"}, node));
    EXPECT_FALSE(matches({.name = {}, .path = {}, .id = {}, .phys = "usb-*-3/*"}, node));
}

TEST_F(DeviceMatch, AllThatIsGivenHasToMatch) {
    const NodeIdentity node = FakeDevice::keyboard("/dev/input/event1");
    EXPECT_TRUE(
        matches({.name = "Fake*", .path = {}, .id = DeviceId{0x1234, 1}, .phys = {}}, node));
    EXPECT_FALSE(
        matches({.name = "Fake*", .path = {}, .id = DeviceId{0x1234, 2}, .phys = {}}, node));
    EXPECT_FALSE(
        matches({.name = "Other", .path = {}, .id = DeviceId{0x1234, 1}, .phys = {}}, node));
}

TEST_F(DeviceMatch, APathIsNoPattern) {
    const NodeIdentity node = FakeDevice::keyboard("/dev/input/event1");
    EXPECT_TRUE(matches({.name = {}, .path = "/dev/input/event1", .id = {}, .phys = {}}, node));
    EXPECT_FALSE(matches({.name = {}, .path = "/dev/input/event*", .id = {}, .phys = {}}, node));
    EXPECT_FALSE(matches({.name = {}, .path = "/dev/input/event11", .id = {}, .phys = {}}, node));
}

// --- physical devices

TEST_F(DeviceMatch, InterfacesOfOneUsbDeviceAreOneGroup) {
    EXPECT_EQ(group_key(FakeDevice::keyboard("/dev/input/event1", "usb-0000:00:14.0-2/input0")),
              group_key(FakeDevice::keyboard("/dev/input/event2", "usb-0000:00:14.0-2/input1")));
    EXPECT_NE(group_key(FakeDevice::keyboard("/dev/input/event1", "usb-0000:00:14.0-2/input0")),
              group_key(FakeDevice::keyboard("/dev/input/event2", "usb-0000:00:14.0-3/input0")));
}

TEST_F(DeviceMatch, DevicesPairedWithOneReceiverDiffer) {
    NodeIdentity keyboard =
        FakeDevice::keyboard("/dev/input/event1", "usb-0000:00:14.0-2/input2:1");
    NodeIdentity mouse = FakeDevice::mouse("/dev/input/event2", "usb-0000:00:14.0-2/input2:2");
    EXPECT_NE(group_key(keyboard), group_key(mouse));
}

TEST_F(DeviceMatch, BluetoothDevicesAreToldApartByTheirAddress) {
    NodeIdentity first = FakeDevice::keyboard("/dev/input/event1", "aa:bb:cc:dd:ee:ff");
    first.bus = BUS_BLUETOOTH;
    NodeIdentity second = first;
    second.path = "/dev/input/event2";
    first.uniq = "11:11:11:11:11:11";
    second.uniq = "22:22:22:22:22:22";
    EXPECT_NE(group_key(first), group_key(second));
    second.uniq = first.uniq;
    EXPECT_EQ(group_key(first), group_key(second));
}

TEST_F(DeviceMatch, DevicesThatDoNotSayWhereTheyAreStandAlone) {
    EXPECT_NE(group_key(FakeDevice::keyboard("/dev/input/event1")),
              group_key(FakeDevice::keyboard("/dev/input/event2")));
}

TEST_F(DeviceMatch, AGroupKeepsItsNumberWhenOthersGo) {
    add(FakeDevice::mouse("/dev/input/event1"));
    const auto keyboard = add(FakeDevice::keyboard("/dev/input/event2"));
    const auto before = choose()[keyboard].plan.group;
    nodes_.erase(nodes_.begin());
    EXPECT_EQ(choose()[0].plan.group, before);
}

// --- automatic

TEST_F(DeviceMatch, TakesKeyboardsWithAHotkeyAndPointers) {
    const auto keyboard = add(FakeDevice::keyboard("/dev/input/event1"));
    const auto mouse = add(FakeDevice::mouse("/dev/input/event2"));
    const auto choices = choose();
    EXPECT_TRUE(choices[keyboard].taken);
    EXPECT_EQ(choices[keyboard].reason, "keyboard with a hotkey");
    EXPECT_TRUE(choices[keyboard].plan.keyboard);
    EXPECT_TRUE(choices[keyboard].plan.listens);
    EXPECT_TRUE(choices[keyboard].plan.with_keyboard);
    EXPECT_FALSE(choices[keyboard].plan.selected);
    EXPECT_TRUE(choices[mouse].taken);
    EXPECT_EQ(choices[mouse].reason, "pointer, grabbed when it first moves");
    EXPECT_TRUE(choices[mouse].plan.pointer);
    EXPECT_FALSE(choices[mouse].plan.listens);
    EXPECT_FALSE(choices[mouse].plan.with_keyboard);
}

TEST_F(DeviceMatch, LeavesAKeyboardThatLacksAKeyOfEveryHotkey) {
    hotkeys_ = hotkeys_of({KEY_LEFTMETA, KEY_F24});
    add(FakeDevice::keyboard("/dev/input/event1"));
    NodeIdentity without = FakeDevice::keyboard("/dev/input/event2");
    without.keys.reset(KEY_F24);
    add(without);
    const auto choices = choose();
    EXPECT_TRUE(choices[0].taken);
    EXPECT_FALSE(choices[1].taken);
    EXPECT_EQ(choices[1].reason, "has none of the hotkeys");
}

TEST_F(DeviceMatch, TakesEveryKeyboardIfNoneHasAHotkey) {
    hotkeys_ = {};
    add(FakeDevice::keyboard("/dev/input/event1"));
    const auto choices = choose();
    EXPECT_TRUE(choices[0].taken);
    EXPECT_FALSE(choices[0].plan.listens);
    EXPECT_TRUE(choices[0].plan.with_keyboard);
}

TEST_F(DeviceMatch, AHotkeyOnTheMouseLeavesTheKeyboardsIn) {
    hotkeys_ = hotkeys_of({BTN_SIDE});
    const auto keyboard = add(FakeDevice::keyboard("/dev/input/event1"));
    const auto mouse = add(FakeDevice::mouse("/dev/input/event2"));
    const auto choices = choose();
    EXPECT_TRUE(choices[keyboard].taken);
    EXPECT_TRUE(choices[mouse].plan.listens);
    EXPECT_FALSE(choices[mouse].plan.keyboard) << "one can't come home with it alone";
}

TEST_F(DeviceMatch, APadWithAHotkeyIsListenedTo) {
    hotkeys_ = hotkeys_of({KEY_F24});
    const auto pad = add(keys_only("/dev/input/event1", "usb-1/input0", {KEY_F24}));
    const auto choices = choose();
    EXPECT_TRUE(choices[pad].taken);
    EXPECT_TRUE(choices[pad].plan.keyboard);
}

TEST_F(DeviceMatch, NeverTakesPowerButtonsAndJoysticks) {
    add(FakeDevice::keyboard("/dev/input/event0"));
    const auto power = add(keys_only("/dev/input/event1", "PNP0C0C/button/input0", {KEY_POWER}));
    NodeIdentity joystick = keys_only("/dev/input/event2", "usb-3/input0", {BTN_SOUTH, BTN_EAST});
    joystick.absolute = true;
    const auto stick = add(joystick);
    NodeIdentity tablet = FakeDevice::mouse("/dev/input/event3");
    tablet.absolute = true;
    const auto pen = add(tablet);
    const auto empty = add(keys_only("/dev/input/event4", "ALSA", {}));
    const auto choices = choose();
    EXPECT_FALSE(choices[power].taken);
    EXPECT_EQ(choices[power].reason, "has no hotkey");
    EXPECT_FALSE(choices[stick].taken);
    EXPECT_EQ(choices[stick].reason, "touchpad, tablet or joystick");
    EXPECT_FALSE(choices[pen].taken);
    EXPECT_FALSE(choices[empty].taken);
    EXPECT_EQ(choices[empty].reason, "neither keyboard nor pointer");
}

TEST_F(DeviceMatch, TakesAllNodesOfADeviceThatIsTaken) {
    const auto keyboard = add(FakeDevice::keyboard("/dev/input/event1", "usb-1/input0"));
    NodeIdentity media = keys_only("/dev/input/event2", "usb-1/input1", {KEY_MUTE, KEY_POWER});
    media.id = nodes_[keyboard].id;
    const auto sibling = add(media);
    const auto choices = choose();
    EXPECT_TRUE(choices[sibling].taken);
    EXPECT_EQ(choices[sibling].reason, "same device as /dev/input/event1");
    EXPECT_TRUE(choices[sibling].plan.with_keyboard);
    EXPECT_FALSE(choices[sibling].plan.keyboard);
    EXPECT_EQ(choices[sibling].plan.group, choices[keyboard].plan.group);
}

TEST_F(DeviceMatch, SkipsWhatProgramsMakeUnlessAllowed) {
    NodeIdentity made = FakeDevice::keyboard("/dev/input/event1");
    made.is_virtual = true;
    add(made);
    EXPECT_FALSE(choose()[0].taken);
    EXPECT_EQ(choose()[0].reason, "made by a program (see virtual_devices)");
    selection_.virtual_devices = true;
    EXPECT_TRUE(choose()[0].taken);
}

TEST_F(DeviceMatch, KeepsToItsSeat) {
    NodeIdentity foreign = FakeDevice::keyboard("/dev/input/event1");
    foreign.seat = "seat1";
    add(foreign);
    EXPECT_FALSE(choose()[0].taken);
    EXPECT_EQ(choose()[0].reason, "belongs to seat1");
    selection_.seat = "seat1";
    EXPECT_TRUE(choose()[0].taken);
}

// --- named

TEST_F(DeviceMatch, TakesOnlyWhatIsNamedWhenNotAutomatic) {
    selection_.automatic = false;
    selection_.include = {{.name = {}, .path = "/dev/input/event2", .id = {}, .phys = {}}};
    add(FakeDevice::keyboard("/dev/input/event1"));
    add(FakeDevice::keyboard("/dev/input/event2"));
    const auto choices = choose();
    EXPECT_FALSE(choices[0].taken);
    EXPECT_EQ(choices[0].reason, "not named in the configuration");
    EXPECT_TRUE(choices[1].taken);
    EXPECT_TRUE(choices[1].plan.selected);
    EXPECT_EQ(choices[1].reason, "named in the configuration");
}

TEST_F(DeviceMatch, NamedDevicesAreTakenWhateverTheyAre) {
    selection_.include = {{.name = "Fake*", .path = {}, .id = {}, .phys = {}}};
    NodeIdentity odd = FakeDevice::mouse("/dev/input/event1");
    odd.is_virtual = true;
    odd.absolute = true;
    odd.seat = "seat1";
    add(odd);
    EXPECT_TRUE(choose()[0].taken);
    EXPECT_TRUE(choose()[0].plan.selected);
}

TEST_F(DeviceMatch, NamingOneNodeTakesTheWholeDevice) {
    selection_.automatic = false;
    selection_.include = {{.name = {}, .path = "/dev/input/event2", .id = {}, .phys = {}}};
    add(FakeDevice::keyboard("/dev/input/event1", "usb-1/input0"));
    add(FakeDevice::keyboard("/dev/input/event2", "usb-1/input1"));
    const auto choices = choose();
    EXPECT_TRUE(choices[0].taken);
    EXPECT_TRUE(choices[0].plan.selected);
    EXPECT_EQ(choices[0].reason, "same device as /dev/input/event2");
}

TEST_F(DeviceMatch, NamedAndAutomaticGoTogether) {
    selection_.include = {{.name = {}, .path = {}, .id = DeviceId{0x1234, 2}, .phys = {}}};
    const auto keyboard = add(FakeDevice::keyboard("/dev/input/event1"));
    const auto mouse = add(FakeDevice::mouse("/dev/input/event2"));
    const auto choices = choose();
    EXPECT_FALSE(choices[keyboard].plan.selected);
    EXPECT_TRUE(choices[keyboard].taken);
    EXPECT_TRUE(choices[mouse].plan.selected);
}

TEST_F(DeviceMatch, ExclusionIsStrongerThanEverything) {
    selection_.include = {{.name = "Fake*", .path = {}, .id = {}, .phys = {}}};
    selection_.exclude = {{.name = {}, .path = "/dev/input/event2", .id = {}, .phys = {}}};
    add(FakeDevice::keyboard("/dev/input/event1", "usb-1/input0"));
    add(FakeDevice::keyboard("/dev/input/event2", "usb-1/input1"));
    const auto choices = choose();
    EXPECT_TRUE(choices[0].taken);
    EXPECT_FALSE(choices[1].taken);
    EXPECT_EQ(choices[1].reason, "excluded by the configuration");
}

TEST_F(DeviceMatch, AnExcludedKeyboardDoesNotKeepOthersOut) {
    hotkeys_ = hotkeys_of({KEY_F24});
    selection_.exclude = {{.name = {}, .path = "/dev/input/event1", .id = {}, .phys = {}}};
    add(FakeDevice::keyboard("/dev/input/event1"));
    NodeIdentity without = FakeDevice::keyboard("/dev/input/event2");
    without.keys.reset(KEY_F24);
    add(without);
    EXPECT_TRUE(choose()[1].taken);
}

TEST_F(DeviceMatch, NothingIsChosenOfNothing) {
    EXPECT_TRUE(choose().empty());
}

} // namespace
} // namespace spicykvm::input::test
