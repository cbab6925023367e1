// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/grabber_units.h"
#include "support/fake_systemd.h"
#include "support/private_bus.h"
#include "support/run_until.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>

namespace spicykvm::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class GrabberUnitsTest : public testing::Test {
  protected:
    std::optional<std::vector<std::string>> find() {
        std::optional<std::vector<std::string>> units;
        grabbers.find([&units](const std::vector<std::string>& found) { units = found; });
        EXPECT_FALSE(units) << "later, and not from inside of the call";
        (void)run_until(loop, [&units] { return units.has_value(); });
        return units;
    }

    PrivateBus private_bus;
    EventLoop loop;
    std::unique_ptr<Bus> bus = std::move(Bus::open(loop, BusKind::System).value());
    service::GrabberUnits grabbers{*bus};
};

TEST_F(GrabberUnitsTest, AreThoseThatSystemdSaysRun) {
    FakeSystemd systemd;
    systemd.set_running({"keyd.service", "kanata@main.service"});
    EXPECT_THAT(find().value(), ElementsAre("keyd.service", "kanata@main.service"));
    EXPECT_THAT(systemd.patterns(), Contains("kanata*.service"));
    systemd.set_running({});
    EXPECT_THAT(find().value(), IsEmpty());
}

TEST_F(GrabberUnitsTest, WithoutSystemdAreNone) {
    EXPECT_THAT(find().value(), IsEmpty());
}

TEST_F(GrabberUnitsTest, WithoutABusAreNone) {
    private_bus.stop();
    EXPECT_THAT(find().value(), IsEmpty());
    EXPECT_THAT(find().value(), IsEmpty());
}

} // namespace
} // namespace spicykvm::test
