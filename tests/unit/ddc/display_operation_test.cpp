// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/display_operation.h"
#include "ddc/helper/worker.h"
#include "support/bad_monitor.h"
#include "support/sysfs_tree.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using core::DisplayStatus;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// Operations with the helper's worker behind them, in virtual time.
class DisplayOperationTest : public testing::Test {
  protected:
    /// A monitor with its connector "card1-DP-<bus>".
    test::BadMonitor& add_monitor(unsigned bus, test::Habits habits = {}) {
        const std::string connector = "card1-DP-" + std::to_string(bus);
        tree.connector(connector, habits.edid);
        tree.aux(connector, bus);
        return nodes.add(bus, std::move(habits));
    }

    void run(DisplayOperation& operation) {
        while (!operation.finished()) {
            waiting.time = std::max(waiting.time, operation.due());
            const Request request = operation.next();
            const bool is_lost = lost && request.operation == *lost;
            operation.on_reply(is_lost ? Result<Reply>(fail(ErrorCode::Timeout, "i2c-5: hangs"))
                                       : worker.handle(request),
                               waiting.time);
            ++requests;
        }
        operation.answer();
    }

    std::vector<DisplayStatus> list() {
        Result<std::vector<DisplayStatus>> result;
        ListOperation operation(configured);
        operation.add([&](auto given) { result = std::move(given); });
        run(operation);
        EXPECT_TRUE(result) << result.error().message;
        return result.value_or(std::vector<DisplayStatus>());
    }
    Result<core::DisplayFeature> get(const std::string& display,
                                     VcpCode feature = VcpCode::InputSource) {
        Result<core::DisplayFeature> result;
        GetOperation operation(display, feature, [&](auto given) { result = std::move(given); });
        run(operation);
        return result;
    }
    Result<std::string> set(const std::string& display, std::uint16_t value,
                            VcpCode feature = VcpCode::InputSource) {
        Result<std::string> result;
        SetOperation operation(display, feature, value,
                               [&](auto given) { result = std::move(given); });
        run(operation);
        return result;
    }
    Result<core::DisplayCapabilities> capabilities(const std::string& display) {
        Result<core::DisplayCapabilities> result;
        CapabilitiesOperation operation(display, [&](auto given) { result = std::move(given); });
        run(operation);
        return result;
    }

    test::TempFolder folder;
    test::SysfsTree tree{folder.path()};
    test::FakeWaiting waiting;
    test::BadNodes nodes{[this] { return waiting.time; }};
    Worker worker{nodes, waiting, folder.path()};
    std::optional<Operation> lost; ///< requests for which the helper gives no reply
    unsigned requests = 0;
    std::vector<TargetMonitors> configured;
};

MonitorSettings monitor(const std::string& name, const std::string& connector) {
    MonitorSettings settings;
    settings.name = name;
    settings.match.connector = connector;
    settings.set = {{VcpCode::InputSource, SourceAddress::Host, 0x0f, 0x1b},
                    {VcpCode::DellUsbUpstream, SourceAddress::Host, 0xff00, 0xff01}};
    return settings;
}

TEST_F(DisplayOperationTest, ListsWhatIsConfigured) {
    add_monitor(5);
    add_monitor(6);
    auto cable = monitor("left", "DP-5");
    cable.home = {.way = WayHome::Cable, .match = {.connector = "DP-6"}};
    auto hook = monitor("hooked", "");
    hook.bus = Bus{5};
    hook.home.way = WayHome::Hook;
    hook.home.hook.words = {"/bin/home", "secret"};
    auto by_hand = monitor("other", "DP-6");
    by_hand.home.way = WayHome::ByHand;
    configured = {{"win", {cable, by_hand}}, {"linux", {hook}}};
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(2));
    const std::string host = "displayport-1, 0xe7=0xff00";
    const std::string guest = "0x1b, 0xe7=0xff01";
    EXPECT_THAT(
        displays[0].configured,
        ElementsAre(
            core::ConfiguredMonitor{"win", "left", host, guest, "cable", "card1-DP-6", ""},
            core::ConfiguredMonitor{"linux", "hooked", host, guest, "hook", "/bin/home", ""}));
    EXPECT_THAT(displays[1].configured, ElementsAre(core::ConfiguredMonitor{
                                            "win", "other", host, guest, "by-hand", "", ""}));
}

TEST_F(DisplayOperationTest, ListsWhatIsConfiguredAndNowhere) {
    add_monitor(5);
    add_monitor(6);
    tree.connector("card1-HDMI-A-1", test::edid_bytes()); // without a bus
    auto cable = monitor("cable", "HDMI-A-1");
    cable.home = {.way = WayHome::Cable, .match = {.connector = "DP-9"}};
    auto bus = monitor("bus", "");
    bus.bus = Bus{9};
    configured = {{"win", {monitor("both", "card1"), cable, bus, monitor("gone", "DP-7")}}};
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(6));
    ASSERT_THAT(displays[2].configured, SizeIs(1));
    EXPECT_THAT(displays[2].configured[0].note, HasSubstr("second cable: no such monitor"));
    EXPECT_EQ(displays[3].bus, std::nullopt);
    EXPECT_THAT(displays[3].configured[0].note, HasSubstr("more than one monitor matches"));
    EXPECT_EQ(displays[4].bus, 9);
    EXPECT_THAT(displays[4].note, HasSubstr("nobody knows"));
    EXPECT_EQ(displays[4].configured[0].note, "");
    EXPECT_EQ(displays[5].connector, "");
    EXPECT_THAT(displays[5].configured[0].note, HasSubstr("no such monitor is connected"));
}

TEST_F(DisplayOperationTest, LooksForWhatIsConfigured) {
    tree.connector("card1-DP-5"); // the kernel has not read its EDID
    tree.aux("card1-DP-5", 5);
    nodes.add(5);
    auto named = monitor("left", "DP-5");
    named.match.name = "DELL U2720Q";
    configured = {{"win", {named}}};
    EXPECT_THAT(list().front().configured, SizeIs(1));
}

TEST_F(DisplayOperationTest, ListsMonitorsWithTheirInputsAndWithoutSerials) {
    add_monitor(5);
    add_monitor(6, {.host_input = 0x1b1b});
    EXPECT_THAT(list(), ElementsAre(DisplayStatus{"card1-DP-5", "DEL 0x41b5 \"DELL U2720Q\"", 5,
                                                  true, 0x0f, "displayport-1", ""},
                                    DisplayStatus{"card1-DP-6", "DEL 0x41b5 \"DELL U2720Q\"", 6,
                                                  true, 0x1b1b, "0x1b1b", ""}));
}

TEST_F(DisplayOperationTest, ListsPlacesThatItDoesNotAsk) {
    tree.connector("card1-DP-1");
    tree.aux("card1-DP-1", 1);
    nodes.add(1);
    tree.connector("card1-HDMI-A-1", test::edid_bytes());
    tree.connector("card1-eDP-1", test::edid_bytes());
    tree.aux("card1-eDP-1", 2);
    test::BadMonitor& panel = nodes.add(2);
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(3));
    EXPECT_EQ(displays[0].note, "no monitor is seen here");
    EXPECT_EQ(displays[1].note, "the graphics driver has no I2C bus for it");
    EXPECT_FALSE(displays[1].bus);
    EXPECT_EQ(displays[2].note, "a laptop's panel, which is left alone");
    EXPECT_EQ(nodes.opened, 0U);
    EXPECT_THAT(panel.received(), IsEmpty());
}

TEST_F(DisplayOperationTest, ListsAMonitorThatDoesNotAnswerAndThoseAfterIt) {
    add_monitor(5, {.nacks = 1000});
    add_monitor(6, {.lie = std::uint16_t{0}});
    add_monitor(7);
    nodes.open_errors[Bus{7}] = EPERM;
    const auto displays = list();
    ASSERT_THAT(displays, SizeIs(3));
    EXPECT_FALSE(displays[0].answers);
    EXPECT_THAT(displays[0].note, HasSubstr("i2c-5: the monitor does not answer"));
    EXPECT_TRUE(displays[1].answers);
    EXPECT_FALSE(displays[1].input);
    EXPECT_THAT(displays[1].note, HasSubstr("does not tell its input"));
    EXPECT_FALSE(displays[2].answers);
    EXPECT_THAT(displays[2].note, HasSubstr("DeviceAllow="));
}

TEST_F(DisplayOperationTest, ListsAnAdapterThatNoConnectorNames) {
    tree.adapter(3, "NVIDIA i2c adapter 3 at 1:00.0");
    nodes.add(3);
    EXPECT_THAT(list(), ElementsAre(DisplayStatus{"", "DEL 0x41b5 \"DELL U2720Q\"", 3, true, 0x0f,
                                                  "displayport-1", ""}));
    EXPECT_TRUE(get("i2c-3"));
}

TEST_F(DisplayOperationTest, AHelperThatIsLostEndsTheScanButOneEdidDoesNot) {
    tree.adapter(3, "NVIDIA i2c adapter 3 at 1:00.0");
    add_monitor(5);
    lost = Operation::Edid;
    EXPECT_THAT(list(), SizeIs(1));
    lost = Operation::Get;
    EXPECT_EQ(list().front().note, "i2c-5: hangs");
    lost = Operation::Display;
    EXPECT_EQ(get("DP-5").error(), (Error{ErrorCode::Timeout, "i2c-5: hangs"}));
    Result<std::vector<DisplayStatus>> result;
    ListOperation operation;
    operation.add([&](auto given) { result = std::move(given); });
    run(operation);
    EXPECT_EQ(result.error().code, ErrorCode::Timeout);
}

TEST_F(DisplayOperationTest, OneListIsForAllWhoWait) {
    add_monitor(5);
    unsigned answers = 0;
    ListOperation operation;
    for (int i = 0; i < 3; ++i) {
        operation.add([&](const auto& given) { answers += given && given->size() == 1 ? 1 : 0; });
    }
    run(operation);
    EXPECT_EQ(answers, 3U);
}

TEST_F(DisplayOperationTest, FindsADisplayByConnectorOrBus) {
    add_monitor(5);
    for (const char* name : {"card1-DP-5", "DP-5", "dp-5", "card1", "i2c-5"}) {
        const auto feature = get(name);
        ASSERT_TRUE(feature) << name << ": " << feature.error().message;
        EXPECT_EQ(feature->current, 0x0f);
        EXPECT_EQ(feature->max, 0x12);
        EXPECT_EQ(feature->name, "displayport-1");
    }
}

TEST_F(DisplayOperationTest, RefusesWhatIsNoDisplayWithoutTouchingIt) {
    add_monitor(5);
    tree.connector("card0-DP-5", test::edid_bytes());
    tree.connector("card1-eDP-1", test::edid_bytes());
    tree.aux("card1-eDP-1", 2);
    nodes.add(2);
    nodes.add(9); // of another device: fans, memory
    const auto expect = [&](const char* name, ErrorCode code, const char* text) {
        const auto feature = get(name);
        ASSERT_FALSE(feature) << name;
        EXPECT_EQ(feature.error().code, code) << name;
        EXPECT_THAT(feature.error().message, AllOf(HasSubstr(text), Not(HasSubstr("ABC1234"))));
        EXPECT_FALSE(set(name, 0x11)) << name;
        EXPECT_FALSE(capabilities(name)) << name;
    };
    expect("DP-5", ErrorCode::InvalidArgument, "more than one");
    expect("card0-DP-5", ErrorCode::NotSupported, "no I2C bus");
    expect("card1-eDP-1", ErrorCode::NotSupported, "laptop's panel");
    expect("i2c-2", ErrorCode::NotSupported, "laptop's panel");
    expect("i2c-9", ErrorCode::NotFound, "i2c-9 belongs to no monitor");
    for (const char* name : {"HDMI-A-1", "i2c-", "i2c--5", "i2c-5 ", "i2c-99999", "/dev/i2c-5"}) {
        expect(name, ErrorCode::NotFound, "card1-DP-5 (DEL");
    }
    expect("", ErrorCode::InvalidArgument, "which monitor");
    EXPECT_EQ(nodes.opened, 0U);
}

TEST_F(DisplayOperationTest, GetsAFeature) {
    add_monitor(5, {.nulls = 2, .doubled_first_byte = true});
    EXPECT_EQ(get("DP-5")->current, 0x0f);
    const auto other = get("DP-5", VcpCode::Luminance);
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->supported);
    EXPECT_EQ(other->name, "");
}

TEST_F(DisplayOperationTest, SaysWhatKindOfFailureAGetHad) {
    add_monitor(5, {.nacks = 1000});
    EXPECT_EQ(get("DP-5").error().code, ErrorCode::Unreachable);
    add_monitor(6, {.nulls = 1000});
    EXPECT_EQ(get("DP-6").error().code, ErrorCode::Protocol);
    add_monitor(7, {.no_rdwr = true, .driver_bound = true});
    EXPECT_EQ(get("DP-7").error().code, ErrorCode::Busy);
    nodes.locked_by_another = true;
    EXPECT_EQ(get("DP-6").error().code, ErrorCode::Busy);
}

TEST_F(DisplayOperationTest, SetsAnInput) {
    test::BadMonitor& monitor = add_monitor(5, {.nacks = 1});
    EXPECT_EQ(set("DP-5", 0x1b1b), "");
    EXPECT_THAT(monitor.sets(), ElementsAre(0x1b1b));
    EXPECT_EQ(set("DP-5", 0x91, VcpCode::LgInputSource), "");
    EXPECT_EQ(monitor.received().back()[0], 0x50); // the address that LG's other way wants
}

TEST_F(DisplayOperationTest, SetsInSpiteOfALockAndSaysSo) {
    test::BadMonitor& monitor = add_monitor(5);
    nodes.locked_by_another = true;
    EXPECT_THAT(set("DP-5", 0x11).value(), HasSubstr("without the lock"));
    EXPECT_THAT(monitor.sets(), ElementsAre(0x11));
}

TEST_F(DisplayOperationTest, SetsNothingAtAnotherMonitor) {
    test::BadMonitor& monitor = add_monitor(5);
    monitor.habits().edid = test::edid_bytes({.serial = "another"});
    const auto result = set("DP-5", 0x11);
    EXPECT_EQ(result.error().code, ErrorCode::WrongPeer);
    EXPECT_THAT(result.error().message,
                AllOf(HasSubstr("nothing was written"), Not(HasSubstr("all the same"))));
    EXPECT_THAT(monitor.sets(), IsEmpty());
}

TEST_F(DisplayOperationTest, SaysThatAFailedSetMayHaveArrived) {
    add_monitor(5, {.nacks = 1000});
    const auto result = set("DP-5", 0x11);
    EXPECT_EQ(result.error().code, ErrorCode::Unreachable);
    EXPECT_THAT(result.error().message, HasSubstr("may have got it all the same"));
    lost = Operation::Set;
    EXPECT_THAT(set("DP-5", 0x11).error().message, HasSubstr("may have got it all the same"));
}

TEST_F(DisplayOperationTest, TriesTheOtherBusOfADock) {
    tree.connector("card1-DP-5", test::edid_bytes());
    tree.aux("card1-DP-5", 5);
    nodes.add(5, {.nacks = 1000});
    tree.adapter(6, "DPMST");
    test::BadMonitor& monitor = nodes.add(6);
    EXPECT_EQ(get("DP-5")->current, 0x0f);
    EXPECT_EQ(set("DP-5", 0x11), "");
    EXPECT_THAT(monitor.sets(), ElementsAre(0x11));
    EXPECT_EQ(list().front().bus, 6);
}

TEST_F(DisplayOperationTest, ReadsCapabilities) {
    add_monitor(5, {.capabilities = "(prot(monitor)type(LCD)model(U2720Q)vcp(10 12 60(0F 11 1B) "
                                    "D6(01 04))mccs_ver(2.1))"});
    const auto read = capabilities("DP-5");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->model, "U2720Q");
    EXPECT_EQ(read->mccs_version, "2.1");
    EXPECT_THAT(read->features, SizeIs(4));
    EXPECT_THAT(read->features.at(0xd6), ElementsAre(1, 4));
    EXPECT_THAT(read->inputs, ElementsAre(std::pair(0x0f, "displayport-1"),
                                          std::pair(0x11, "hdmi-1"), std::pair(0x1b, "0x1b")));
}

TEST_F(DisplayOperationTest, SaysWhyCapabilitiesCanNotBeRead) {
    add_monitor(5, {.nacks = 1000});
    EXPECT_EQ(capabilities("DP-5").error().code, ErrorCode::Unreachable);
}

TEST_F(DisplayOperationTest, CanBeGivenUpAtAnyTime) {
    std::optional<Result<std::string>> result;
    SetOperation operation("DP-5", VcpCode::InputSource, 0x11,
                           [&](auto given) { result = std::move(given); });
    operation.give_up({ErrorCode::Cancelled, "a switch began"});
    EXPECT_EQ(result->error(), (Error{ErrorCode::Cancelled, "a switch began"}));
}

} // namespace
} // namespace spicykvm::ddc
