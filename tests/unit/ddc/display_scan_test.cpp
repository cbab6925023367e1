// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/display_scan.h"
#include "support/edid_bytes.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using test::edid_bytes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Edid edid(const test::EdidText& text = {}) {
    return *Edid::parse(edid_bytes(text));
}

Display display(const std::string& connector, std::uint16_t bus, std::optional<Edid> edid = {}) {
    Display result;
    result.connector = connector;
    result.buses = {Bus{bus}};
    result.edid = std::move(edid);
    return result;
}

DisplayScan scan_for(std::vector<MonitorCriteria> wanted) {
    return DisplayScan(std::move(wanted));
}

/// Plays the helper for a scan; `live`: the EDIDs on the buses.
class ScanRig {
  public:
    std::vector<Display> run(DisplayScan scan) {
        while (!scan.finished()) {
            const Request request = scan.next();
            scan.on_reply(request.operation == Operation::Edid ? read(request) : list(request));
        }
        return scan.displays();
    }

    std::vector<Display> kernel;
    std::map<Bus, Edid> live;
    std::vector<unsigned> touched;

  private:
    [[nodiscard]] Reply list(const Request& request) const {
        Reply reply;
        reply.status = Status::NoDisplay;
        if (request.index < kernel.size()) {
            const Display& at = kernel[request.index];
            reply.status = Status::Done;
            reply.text = at.connector;
            reply.buses = at.buses;
            reply.internal = at.internal;
            reply.edid_unreadable = at.edid_unreadable;
            reply.has_edid = at.edid.has_value();
            reply.edid = at.edid ? at.edid->block : Edid::Block{};
        }
        return reply;
    }
    Reply read(const Request& request) {
        touched.push_back(static_cast<unsigned>(request.bus));
        Reply reply;
        reply.status = Status::EdidUnreadable;
        if (const auto found = live.find(request.bus); found != live.end()) {
            reply.status = Status::Done;
            reply.has_edid = true;
            reply.edid = found->second.block;
        }
        return reply;
    }
};

TEST(DisplayScan, TakesWhatTheKernelKnowsWithoutTouchingABus) {
    ScanRig rig;
    rig.kernel = {display("card1-DP-1", 5, edid()), display("card1-DP-2", 6),
                  display("card1-eDP-1", 7)};
    rig.kernel[2].internal = true;
    const auto displays = rig.run(scan_for({{.name = "DELL U2720Q"}, {.connector = "DP-2"}}));
    EXPECT_EQ(displays, rig.kernel);
    EXPECT_EQ(displays[0].edid->name, "DELL U2720Q");
    EXPECT_TRUE(displays[2].internal);
    EXPECT_THAT(rig.touched, IsEmpty());
}

TEST(DisplayScan, ReadsTheEdidOfANamedConnectorThatLooksUnplugged) {
    ScanRig rig;
    rig.kernel = {display("card1-DP-1", 5), display("card1-DP-2", 6)};
    rig.live.emplace(Bus{6}, edid());
    const auto displays = rig.run(scan_for({{.connector = "DP-2", .name = "DELL U2720Q"}}));
    EXPECT_THAT(rig.touched, ElementsAre(6u));
    ASSERT_TRUE(displays[1].edid);
    EXPECT_EQ(displays[1].edid->name, "DELL U2720Q");
}

TEST(DisplayScan, NeverTouchesAPanel) {
    ScanRig rig;
    rig.kernel = {display("card1-eDP-1", 5)};
    rig.kernel[0].internal = true;
    (void)rig.run(scan_for({{.connector = "card1-eDP-1", .name = "x"}}));
    EXPECT_THAT(rig.touched, IsEmpty());
}

TEST(DisplayScan, AnAdapterWithTheEdidOfAConnectorIsOneOfItsBuses) {
    ScanRig rig;
    rig.kernel = {display("card1-HDMI-A-1", 1, edid()), display("", 8), display("", 9)};
    rig.kernel[0].buses.clear(); // NVIDIA's driver makes no links
    rig.live.emplace(Bus{9}, edid());
    const auto displays = rig.run(scan_for({{.connector = "HDMI-A-1"}}));
    ASSERT_THAT(displays, SizeIs(1));
    EXPECT_THAT(displays[0].buses, ElementsAre(Bus{9}));
    EXPECT_THAT(rig.touched, ElementsAre(8u, 9u));
}

TEST(DisplayScan, AnAdapterOfTwoEqualMonitorsStaysAlone) {
    ScanRig rig;
    rig.kernel = {display("card1-DP-1", 1, edid()), display("card1-DP-2", 2, edid()),
                  display("", 9)};
    rig.live.emplace(Bus{9}, edid());
    EXPECT_THAT(rig.run(scan_for({{.name = "x"}})), SizeIs(3));
}

TEST(DisplayScan, AnAdapterIsAMonitorIfItHasAnEdid) {
    ScanRig rig;
    rig.kernel = {display("", 8), display("", 9)};
    rig.live.emplace(Bus{9}, edid({.name = "LG"}));
    const auto displays = rig.run(scan_for({{.name = "LG"}}));
    ASSERT_THAT(displays, SizeIs(1));
    EXPECT_EQ(describe(displays[0]).substr(0, 5), "i2c-9");
}

TEST(DisplayScan, ListsNoMoreThanItsLimit) {
    ScanRig rig;
    rig.kernel.assign(DisplayScan::kMaxDisplays + 5, display("card1-DP-1", 1));
    EXPECT_THAT(rig.run(scan_for({})), SizeIs(DisplayScan::kMaxDisplays));
}

} // namespace
} // namespace spicykvm::ddc
