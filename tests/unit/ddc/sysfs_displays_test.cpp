// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/sysfs_displays.h"
#include "support/edid_bytes.h"
#include "support/sysfs_tree.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using test::edid_bytes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class SysfsDisplays : public testing::Test {
  protected:
    [[nodiscard]] std::vector<Display> list() const { return list_displays(tree.root()); }

    test::TempFolder folder;
    test::SysfsTree tree{folder.path()};
};

TEST_F(SysfsDisplays, HdmiHasTheAdapterOfItsLink) {
    tree.adapter(5, "AMDGPU DM i2c hw bus 1");
    tree.connector("card1-HDMI-A-1", edid_bytes());
    tree.ddc("card1-HDMI-A-1", 5);
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(1));
    EXPECT_EQ(displays[0].connector, "card1-HDMI-A-1");
    EXPECT_THAT(displays[0].buses, ElementsAre(Bus{5}));
    ASSERT_TRUE(displays[0].edid);
    EXPECT_EQ(displays[0].edid->name, "DELL U2720Q");
    EXPECT_FALSE(displays[0].internal);
    EXPECT_FALSE(displays[0].edid_unreadable);
}

TEST_F(SysfsDisplays, DisplayPortHasItsAuxAdapterFirst) {
    tree.adapter(5, "AMDGPU DM i2c hw bus 1");
    tree.connector("card1-DP-1");
    tree.ddc("card1-DP-1", 5);
    tree.aux("card1-DP-1", 12);
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(1));
    EXPECT_THAT(displays[0].buses, ElementsAre(Bus{12}, Bus{5}));
    EXPECT_FALSE(displays[0].edid); // unplugged, or so it looks
}

TEST_F(SysfsDisplays, ALinkMayHaveItsAdapterInside) {
    const auto connector = tree.connector("card1-DVI-D-1");
    test::SysfsTree::write(connector / "ddc/i2c-dev/i2c-7/name", "x\n");
    EXPECT_THAT(list()[0].buses, ElementsAre(Bus{7}));
}

TEST_F(SysfsDisplays, PanelsAreMarked) {
    for (const char* name : {"card1-LVDS-1", "card1-DSI-1", "card1-eDP-1", "card1-DP-1"}) {
        tree.connector(name, edid_bytes());
    }
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(4));
    for (const Display& display : displays) {
        EXPECT_EQ(display.internal, display.connector != "card1-DP-1") << display.connector;
    }
}

TEST_F(SysfsDisplays, WhatIsNoConnectorIsLeftOut) {
    tree.connector("card1-Writeback-1");
    tree.connector("renderD128");
    tree.connector("card1");
    tree.connector("version-1");
    EXPECT_THAT(list(), IsEmpty());
}

TEST_F(SysfsDisplays, NumbersAreReadStrictly) {
    tree.connector("card1-DP-1");
    for (const char* name : {"i2c--3", "i2c-", "i2c-5x", "i2c-65536", "xi2c-5", "i2c-+5"}) {
        test::SysfsTree::write(tree.root() / "class/drm/card1-DP-1" / name / "name", "AUX\n");
    }
    EXPECT_THAT(list()[0].buses, IsEmpty());
}

TEST_F(SysfsDisplays, DangerousAdaptersAreLeftOut) {
    tree.adapter(3, "SMBus I801 adapter at efa0");
    tree.connector("card1-HDMI-A-1", edid_bytes());
    tree.ddc("card1-HDMI-A-1", 3);
    tree.adapter(4, "AMDGPU SMU 0");
    EXPECT_THAT(list()[0].buses, IsEmpty());
    EXPECT_THAT(list(), SizeIs(1));
}

TEST_F(SysfsDisplays, AConnectorHasAtMostFourBuses) {
    tree.connector("card1-DP-1");
    for (unsigned bus = 1; bus <= 6; ++bus) {
        tree.aux("card1-DP-1", bus);
    }
    EXPECT_THAT(list()[0].buses, ElementsAre(Bus{1}, Bus{2}, Bus{3}, Bus{4}));
}

TEST_F(SysfsDisplays, NvidiaAdaptersStandAlone) {
    tree.device("0000:02:00.0", "0x038000"); // not only 0x030000
    tree.connector("card1-HDMI-A-1", edid_bytes());
    tree.adapter(6, "NVIDIA i2c adapter 1 at 2:00.0", "0000:02:00.0");
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(2));
    EXPECT_THAT(displays[0].buses, IsEmpty());
    EXPECT_EQ(displays[1].connector, "");
    EXPECT_THAT(displays[1].buses, ElementsAre(Bus{6}));
}

TEST_F(SysfsDisplays, AdaptersThatBelongToNoGpuAreLeftAlone) {
    tree.device("0000:00:1f.4", "0x0c0500");
    tree.adapter(0, "SMBus I801 adapter at efa0", "0000:00:1f.4");
    tree.adapter(1, "NVIDIA i2c adapter 1 at 0:1f.4", "0000:00:1f.4");
    tree.adapter(2, "i915 gmbus dpa");
    EXPECT_THAT(list(), IsEmpty());
}

TEST_F(SysfsDisplays, MstPortsAreMarked) {
    tree.connector("card1-DP-3", edid_bytes());
    tree.aux("card1-DP-3", 8, "DPMST");
    tree.adapter(9, "DPMST");
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(2));
    EXPECT_TRUE(displays[0].edid_unreadable);
    EXPECT_THAT(displays[0].buses, ElementsAre(Bus{8}));
    EXPECT_TRUE(displays[1].edid_unreadable);
    EXPECT_THAT(displays[1].buses, ElementsAre(Bus{9}));
}

TEST(SysfsDisplaysNowhere, AreNone) {
    EXPECT_THAT(list_displays("/nonexistent"), IsEmpty());
}

} // namespace
} // namespace spicykvm::ddc
