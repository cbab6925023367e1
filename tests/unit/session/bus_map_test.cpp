// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/bus_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

sdbus::Variant text(const char* value) {
    return sdbus::Variant(std::string(value));
}

OfferList one(const char* kind, const Dictionary& settings) {
    OfferList list;
    list.emplace_back(std::string("win11"), std::string(kind), settings);
    return list;
}

TEST(Offers, HaveTheirSettings) {
    const auto offers = to_offers(one("playback", {{"description", text("Windows")},
                                                   {"device", text("headset")},
                                                   {"when", text("always")},
                                                   {"inactive_gain", sdbus::Variant(-12.0)},
                                                   {"volume_law", text("cubic")},
                                                   {"same_clock", sdbus::Variant(true)}}));
    ASSERT_EQ(offers.size(), 1u);
    EXPECT_EQ(offers[0].target, "win11");
    EXPECT_EQ(offers[0].kind, AudioKind::Playback);
    ChannelSettings expected;
    expected.description = "Windows";
    expected.device = "headset";
    expected.when = AudioWhen::Always;
    expected.inactive_gain = -12;
    expected.volume_law = audio::VolumeLaw::Cubic;
    expected.same_clock = true;
    EXPECT_EQ(offers[0].settings, expected);
}

TEST(Offers, WhatIsMissingOrNotKnownIsTheDefault) {
    EXPECT_EQ(to_offers(one("record", {}))[0].settings, ChannelSettings());
    EXPECT_EQ(to_offers(one("record", {{"when", text("sometimes")},
                                       {"volume_law", text("golden")},
                                       {"device", sdbus::Variant(7)},
                                       {"news", text("?")}}))[0]
                  .settings,
              ChannelSettings());
    EXPECT_THAT(to_offers(one("smell", {})), IsEmpty());
}

TEST(Offers, EveryVolumeLawHasItsWord) {
    const std::vector<std::pair<const char*, audio::VolumeLaw>> laws = {
        {"hda", audio::VolumeLaw::Hda},
        {"ac97", audio::VolumeLaw::Ac97},
        {"cubic", audio::VolumeLaw::Cubic},
        {"linear", audio::VolumeLaw::Linear},
        {"ignore", audio::VolumeLaw::Ignore}};
    for (const auto& [word, law] : laws) {
        const auto offers = to_offers(one("playback", {{"volume_law", text(word)}}));
        EXPECT_EQ(offers[0].settings.volume_law, law) << word;
    }
}

TEST(ReportDictionary, HasTheTypesOfTheInterface) {
    ChannelReport report;
    report.state = "running";
    report.latency_target_us = 14'000;
    report.latency_us = 14'100;
    report.tick_us = 10'000;
    report.quantum = 256;
    report.drift_ppm = -3.5;
    report.underruns = 1;
    report.lateness.emplace();
    report.lateness->vm = {1us, 2us, 3us, 4us};
    const Dictionary map = to_dictionary(report);
    EXPECT_EQ(map.at("state").get<std::string>(), "running");
    EXPECT_EQ(map.at("problem").get<std::string>(), "");
    EXPECT_EQ(map.at("latency_target_us").get<std::uint32_t>(), 14'000u);
    EXPECT_EQ(map.at("latency_us").get<std::uint32_t>(), 14'100u);
    EXPECT_EQ(map.at("tick_us").get<std::uint32_t>(), 10'000u);
    EXPECT_EQ(map.at("quantum").get<std::uint32_t>(), 256u);
    EXPECT_EQ(map.at("drift_ppm").get<double>(), -3.5);
    EXPECT_EQ(map.at("underruns").get<std::uint64_t>(), 1u);
    EXPECT_EQ(map.at("silence_ms").get<std::uint64_t>(), 0u);
    const auto lateness =
        map.at("lateness_us").get<std::map<std::string, std::vector<std::uint32_t>>>();
    EXPECT_THAT(lateness.at("vm"), ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(lateness.at("scheduler"), ElementsAre(0, 0, 0, 0));
}

TEST(ReportDictionary, LeavesOutWhatIsNotKnown) {
    const Dictionary map = to_dictionary({});
    for (const char* key : {"latency_target_us", "latency_us", "tick_us", "lateness_us"}) {
        EXPECT_FALSE(map.contains(key)) << key;
    }
}

} // namespace

} // namespace spicykvm::session
