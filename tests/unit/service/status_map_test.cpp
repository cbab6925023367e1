// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/status_map.h"

#include <gmock/gmock.h>

namespace spicykvm::service {
namespace {

using testing::ElementsAre;

TEST(StatusMap, ShowsTheState) {
    core::StatusSnapshot status;
    status.state = core::SwitchState::Active;
    status.active_target = "win11";
    status.since = TimePoint(std::chrono::microseconds(1234));
    status.warnings = {"one", "tw\xFFo"};
    status.keyboards_grabbed = 2;
    const auto map = describe(status, core::Metrics{});
    EXPECT_EQ(map.at("state").get<std::string>(), "active");
    EXPECT_EQ(map.at("active_target").get<std::string>(), "win11");
    EXPECT_EQ(map.at("since").get<std::uint64_t>(), 1234U);
    EXPECT_EQ(map.at("keyboards_grabbed").get<std::uint32_t>(), 2U);
    EXPECT_THAT(map.at("warnings").get<std::vector<std::string>>(), ElementsAre("one", "tw?o"));
}

TEST(StatusMap, NamesTheActivatorOnlyIfThereIsOne) {
    core::StatusSnapshot status;
    EXPECT_FALSE(describe(status, core::Metrics{}).contains("activator"));
    status.activator = 1000;
    EXPECT_EQ(describe(status, core::Metrics{}).at("activator").get<std::uint32_t>(), 1000U);
}

TEST(StatusMap, SaysWhatIsInTheWayOnlyIfSomethingIs) {
    core::StatusSnapshot status;
    EXPECT_FALSE(describe(status, core::Metrics{}).contains("blocked"));
    status.blocked = "the host is locked";
    EXPECT_EQ(describe(status, core::Metrics{}).at("blocked").get<std::string>(),
              "the host is locked");
}

TEST(StatusMap, ListsTheTargetsInOrder) {
    core::StatusSnapshot status;
    for (const char* name : {"b", "a"}) {
        status.targets.emplace_back().name = name;
    }
    status.targets.back().insecure = true;
    const auto targets =
        describe(status, core::Metrics{}).at("targets").get<std::vector<Dictionary>>();
    ASSERT_EQ(targets.size(), 2U);
    EXPECT_EQ(targets[0].at("name").get<std::string>(), "b");
    EXPECT_EQ(targets[1].at("path").get<sdbus::ObjectPath>(), "/org/spicykvm/target/a");
    EXPECT_EQ(targets[1].at("connection").get<std::string>(), "disconnected");
    EXPECT_TRUE(targets[1].at("insecure").get<bool>());
}

TEST(StatusMap, DescribesADevice) {
    const core::DeviceStatus device{
        "/dev/input/event3", "A keyboard\xFF", "046d:c52b", "", true, false, true, true, "note"};
    const auto map = describe(device);
    EXPECT_EQ(map.at("node").get<std::string>(), "/dev/input/event3");
    EXPECT_EQ(map.at("name").get<std::string>(), "A keyboard?");
    EXPECT_TRUE(map.at("keyboard").get<bool>());
    EXPECT_FALSE(map.at("pointer").get<bool>());
    EXPECT_EQ(map.at("note").get<std::string>(), "note");
}

TEST(StatusMap, CountsEveryMetricUnderItsOwnName) {
    // As many names as the structure has numbers: none is forgotten, none is there twice.
    EXPECT_EQ(describe(core::Metrics{}).size(), sizeof(core::Metrics) / sizeof(std::uint64_t));
    core::Metrics metrics;
    metrics.latency_max_ns = 7;
    EXPECT_EQ(describe(metrics).at("latency_max_ns"), 7U);
}

TEST(UuidText, HasTheUsualForm) {
    core::Uuid uuid{};
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        uuid[i] = static_cast<std::uint8_t>(i * 0x11);
    }
    EXPECT_EQ(to_text(uuid), "00112233-4455-6677-8899-aabbccddeeff");
    EXPECT_EQ(to_text(std::nullopt), "");
}

TEST(TargetPath, EscapesWhatAPathCanNotHold) {
    EXPECT_EQ(target_path("win11"), "/org/spicykvm/target/win11");
    EXPECT_EQ(target_path("my vm"), "/org/spicykvm/target/my_20vm");
    EXPECT_EQ(target_path("../Manager"), "/org/spicykvm/target/_2e_2e_2fManager");
    EXPECT_EQ(target_path("1"), "/org/spicykvm/target/_31");
    EXPECT_NE(target_path("a_b"), target_path("a b"));
}

} // namespace
} // namespace spicykvm::service
