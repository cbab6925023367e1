// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/display_map.h"

#include <gmock/gmock.h>

namespace spicykvm::service {
namespace {

using testing::ElementsAre;

TEST(DisplayMap, HasWhatIsKnownOfADisplay) {
    const auto map =
        describe(core::DisplayStatus{"card1-DP-1", "DEL \xff", 5, true, 0x1b1b, "0x1b1b", "n"});
    EXPECT_EQ(map.at("connector").get<std::string>(), "card1-DP-1");
    EXPECT_EQ(map.at("monitor").get<std::string>(), "DEL ?"); // else it could not be sent
    EXPECT_EQ(map.at("bus").get<std::uint16_t>(), 5);
    EXPECT_TRUE(map.at("ddc").get<bool>());
    EXPECT_EQ(map.at("input").get<std::uint16_t>(), 0x1b1b);
    EXPECT_EQ(map.at("input_name").get<std::string>(), "0x1b1b");
    EXPECT_EQ(map.at("note").get<std::string>(), "n");
}

TEST(DisplayMap, HasWhatIsConfigured) {
    core::DisplayStatus display;
    display.configured = {{"win11", "left", "hdmi-1", "hdmi-2", "cable", "i2c-7", "n\xff"}};
    const auto list = describe(display).at("configured").get<std::vector<Dictionary>>();
    ASSERT_EQ(list.size(), 1U);
    std::string all;
    for (const char* key : {"target", "name", "host", "guest", "way_home", "home_by", "note"}) {
        all += list[0].at(key).get<std::string>() + ' ';
    }
    EXPECT_EQ(all, "win11 left hdmi-1 hdmi-2 cable i2c-7 n? ");
}

TEST(DisplayMap, LeavesOutWhatIsNotKnown) {
    const auto map = describe(core::DisplayStatus{});
    EXPECT_TRUE(map.at("configured").get<std::vector<Dictionary>>().empty());
    for (const char* key : {"bus", "input", "input_name"}) {
        EXPECT_FALSE(map.contains(key)) << key;
    }
    EXPECT_FALSE(map.at("ddc").get<bool>());
}

TEST(DisplayMap, HasAFeature) {
    const auto map = describe(core::DisplayFeature{true, 0x11, 0x12, "hdmi-1"});
    EXPECT_TRUE(map.at("supported").get<bool>());
    EXPECT_EQ(map.at("current").get<std::uint16_t>(), 0x11);
    EXPECT_EQ(map.at("maximum").get<std::uint16_t>(), 0x12);
    EXPECT_EQ(map.at("name").get<std::string>(), "hdmi-1");
}

TEST(DisplayMap, HasCapabilities) {
    core::DisplayCapabilities capabilities{
        "p", "t", "m\xff", "2.1", {{0x60, {0x0f, 0x11}}}, {{0x0f, "displayport-1"}}, {"w\xff"}};
    const auto map = describe(capabilities);
    EXPECT_EQ(map.at("protocol").get<std::string>(), "p");
    EXPECT_EQ(map.at("type").get<std::string>(), "t");
    EXPECT_EQ(map.at("model").get<std::string>(), "m?");
    EXPECT_EQ(map.at("mccs_version").get<std::string>(), "2.1");
    EXPECT_EQ((map.at("features").get<std::map<std::uint8_t, std::vector<std::uint8_t>>>()),
              capabilities.features);
    EXPECT_EQ((map.at("inputs").get<std::map<std::uint16_t, std::string>>()), capabilities.inputs);
    EXPECT_THAT(map.at("warnings").get<std::vector<std::string>>(), ElementsAre("w?"));
}

} // namespace
} // namespace spicykvm::service
