// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_match.h"
#include "support/edid_bytes.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Display display(const std::string& connector, const test::EdidText& text = {}) {
    Display result;
    result.connector = connector;
    result.buses = {Bus{5}};
    result.edid = Edid::parse(test::edid_bytes(text));
    return result;
}

const std::vector<Display> kTwo = {display("card1-DP-1"),
                                   display("card1-HDMI-A-1", {.manufacturer = "GSM",
                                                              .product = 0x77d3,
                                                              .serial_number = 1,
                                                              .name = "LG ULTRA",
                                                              .serial = "SECRET9"})};

TEST(FindMonitor, TakesEachCriterion) {
    EXPECT_EQ(find_monitor({.connector = "card1-HDMI-A-1"}, kTwo), 1u);
    EXPECT_EQ(find_monitor({.connector = "HDMI-A-1"}, kTwo), 1u);
    EXPECT_EQ(find_monitor({.manufacturer = "GSM"}, kTwo), 1u);
    EXPECT_EQ(find_monitor({.products = {0x77d4, 0x77d3}}, kTwo), 1u);
    EXPECT_EQ(find_monitor({.name = "DELL U2720Q"}, kTwo), 0u);
    EXPECT_EQ(find_monitor({.serial = "ABC1234"}, kTwo), 0u);
    EXPECT_EQ(find_monitor({.serial_number = 1}, kTwo), 1u);
}

TEST(FindMonitor, WantsAllOfThem) {
    EXPECT_EQ(find_monitor({.manufacturer = "GSM", .name = "DELL U2720Q"}, kTwo).error().code,
              ErrorCode::NotFound);
    EXPECT_EQ(find_monitor({.connector = "DP-1", .products = {0x41b5}, .serial = "abc1234"}, kTwo),
              0u);
}

TEST(FindMonitor, IgnoresCaseAndBlanks) {
    EXPECT_EQ(find_monitor({.manufacturer = "gsm", .name = " lg ultra\n"}, kTwo), 1u);
}

TEST(FindMonitor, TakesNoPartOfAName) {
    EXPECT_FALSE(find_monitor({.name = "DELL"}, kTwo));
    EXPECT_FALSE(find_monitor({.connector = "A-1"}, kTwo));
    EXPECT_FALSE(find_monitor({.connector = "card"}, kTwo));
    EXPECT_FALSE(find_monitor({.connector = "1"}, kTwo));
}

TEST(FindMonitor, ACardMeansTheOnlyMonitorOnIt) {
    std::vector<Display> displays = {display("card0-eDP-1"), display("card1-DP-1"),
                                     display("card1-DP-2"), display("card11-DP-1"), display("")};
    displays[0].internal = true;
    displays[2].edid.reset();
    EXPECT_EQ(find_monitor({.connector = "card1"}, displays), 1u);
    EXPECT_EQ(find_monitor({.connector = " CARD11"}, displays), 3u);
    EXPECT_EQ(find_monitor({.connector = "card0"}, displays).error().code, ErrorCode::NotFound);
    EXPECT_EQ(find_monitor({.connector = "card2"}, displays).error().code, ErrorCode::NotFound);
    EXPECT_EQ(find_monitor({.connector = "card1", .manufacturer = "GSM"}, displays).error().code,
              ErrorCode::NotFound);
}

TEST(FindMonitor, ACardWithTwoMonitorsIsAmbiguous) {
    const auto found = find_monitor({.connector = "card1"}, kTwo);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(found.error().message, AllOf(HasSubstr("card1-DP-1"), HasSubstr("card1-HDMI-A-1")));
    EXPECT_EQ(find_monitor({.connector = "card1", .manufacturer = "GSM"}, kTwo), 1u);
}

TEST(FindMonitor, RefusesAmbiguityAndNamesBoth) {
    const std::vector<Display> twins = {display("card1-DP-1"), display("card1-DP-2"), kTwo[1]};
    const auto found = find_monitor({.name = "DELL U2720Q"}, twins);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(found.error().message,
                AllOf(HasSubstr("card1-DP-1"), HasSubstr("card1-DP-2"), Not(HasSubstr("HDMI"))));
    EXPECT_EQ(find_monitor({.connector = "DP-2", .name = "DELL U2720Q"}, twins), 1u);
}

TEST(FindMonitor, NamesTheCandidatesWithoutTheirSerials) {
    const auto found = find_monitor({.name = "none"}, kTwo);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message,
              "no such monitor is connected; there is: card1-DP-1 (DEL 0x41b5 \"DELL U2720Q\", "
              "serial hidden); card1-HDMI-A-1 (GSM 0x77d3 \"LG ULTRA\", serial hidden)");
    EXPECT_THAT(find_monitor({.name = "x"}, {}).error().message, HasSubstr("there is: none"));
}

TEST(FindMonitor, NeedsACriterion) {
    EXPECT_EQ(find_monitor({}, kTwo).error().code, ErrorCode::InvalidArgument);
}

TEST(FindMonitor, TakesAnInternalPanelOnlyByItsConnector) {
    std::vector<Display> panel = {display("card0-eDP-1")};
    panel[0].internal = true;
    EXPECT_FALSE(find_monitor({.manufacturer = "DEL"}, panel));
    EXPECT_EQ(find_monitor({.connector = "card0-eDP-1"}, panel), 0u);
}

TEST(FindMonitor, FindsAConnectorWithoutEdidByItsNameAlone) {
    std::vector<Display> dark = {display("card1-DP-1")};
    dark[0].edid.reset();
    EXPECT_EQ(find_monitor({.connector = "DP-1"}, dark), 0u);
    EXPECT_FALSE(find_monitor({.connector = "DP-1", .manufacturer = "DEL"}, dark));
    EXPECT_THAT(describe(dark[0]), "card1-DP-1 (no EDID)");
}

TEST(Describe, SaysTheBusOfAnAdapter) {
    Display adapter = display("");
    EXPECT_THAT(describe(adapter), testing::StartsWith("i2c-5 (DEL"));
}

} // namespace
} // namespace spicykvm::ddc
