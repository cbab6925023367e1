// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/audio_map.h"

#include <gmock/gmock.h>
#include <limits>

namespace spicykvm::service {
namespace {

using sdbus::Variant;
using testing::ElementsAre;
using testing::IsEmpty;
using Lateness = std::map<std::string, std::vector<std::uint32_t>>;

TEST(AudioMap, HasTheSettingsOfAChannel) {
    core::AudioChannel channel;
    channel.target = "win11";
    channel.description = "Windows \xff";
    channel.settings = {"speakers", core::AudioWhen::Active, -12, core::VolumeLaw::Cubic};
    channel.same_clock = true;
    auto map = describe(channel);
    EXPECT_EQ(map.at("description").get<std::string>(), "Windows ?"); // else it could not be sent
    EXPECT_EQ(map.at("device").get<std::string>(), "speakers");
    EXPECT_EQ(map.at("when").get<std::string>(), "active");
    EXPECT_EQ(map.at("inactive_gain").get<double>(), -12.0);
    EXPECT_EQ(map.at("volume_law").get<std::string>(), "cubic");
    EXPECT_TRUE(map.at("same_clock").get<bool>());

    channel.kind = core::AudioKind::Record;
    map = describe(channel);
    EXPECT_FALSE(map.contains("inactive_gain"));
}

TEST(AudioMap, KeepsOfAReportWhatIsKnown) {
    const Dictionary told{
        {"state", Variant(std::string("running"))},
        {"problem", Variant(std::string("a\nb"))},
        {"latency_us", Variant(std::uint32_t{15000})},
        {"underruns", Variant(std::uint64_t{3})},
        {"drift_ppm", Variant(-1.5)},
        {"lateness_us", Variant(Lateness{{"vm", {1, 2, 3, 4}}})},
    };
    const auto known = known_audio_state(told);
    EXPECT_EQ(known.size(), told.size());
    EXPECT_EQ(known.at("state").get<std::string>(), "running");
    EXPECT_EQ(known.at("problem").get<std::string>().find('\n'), std::string::npos);
    EXPECT_EQ(known.at("latency_us").get<std::uint32_t>(), 15000U);
    EXPECT_EQ(known.at("underruns").get<std::uint64_t>(), 3U);
    EXPECT_EQ(known.at("drift_ppm").get<double>(), -1.5);
    EXPECT_THAT(known.at("lateness_us").get<Lateness>().at("vm"), ElementsAre(1, 2, 3, 4));
}

TEST(AudioMap, LeavesOutOfAReportWhatIsNot) {
    EXPECT_THAT(known_audio_state({
                    {"password", Variant(std::string("x"))},
                    {"state", Variant(std::uint32_t{1})},
                    {"latency_us", Variant(std::string("1"))},
                    {"drift_ppm", Variant(std::numeric_limits<double>::quiet_NaN())},
                }),
                IsEmpty());
    const auto known =
        known_audio_state({{"lateness_us", Variant(Lateness{{"vm", {1, 2}}, {"x", {1, 2, 3, 4}}})},
                           {"hint", Variant(std::string(10000, 'h'))}});
    EXPECT_THAT(known.at("lateness_us").get<Lateness>(), IsEmpty());
    EXPECT_LE(known.at("hint").get<std::string>().size(), 200U);
}

TEST(AudioMap, KnowsTheKinds) {
    EXPECT_EQ(parse_audio_kind("playback"), core::AudioKind::Playback);
    EXPECT_EQ(parse_audio_kind("record"), core::AudioKind::Record);
    EXPECT_EQ(parse_audio_kind("Record"), std::nullopt);
    EXPECT_EQ(parse_audio_kind(""), std::nullopt);
}

} // namespace
} // namespace spicykvm::service
