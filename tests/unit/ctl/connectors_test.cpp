// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/connectors.h"
#include "support/temp_folder.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Connectors, AreThoseWithAMonitorInOrder) {
    const test::TempFolder folder;
    const auto add = [&](const std::string& name, const std::string& status) {
        std::filesystem::create_directory(folder.path() / name);
        std::ofstream(folder.path() / name / "status") << status;
    };
    add("card1-HDMI-A-1", "connected\n");
    add("card1-DP-1", "connected\n");
    add("card1-DP-2", "disconnected\n");
    add("card1-DP-3", "unknown\n");
    std::filesystem::create_directory(folder.path() / "card1");
    std::ofstream(folder.path() / "version") << "drm 1.1.0 20060810\n";
    EXPECT_THAT(connected_displays(folder.path()), ElementsAre("card1-DP-1", "card1-HDMI-A-1"));
}

TEST(Connectors, AreNoneWithoutAGraphicsDriver) {
    EXPECT_THAT(connected_displays("/nonexistent"), IsEmpty());
}

} // namespace
} // namespace spicykvm::ctl
