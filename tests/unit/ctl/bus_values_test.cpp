// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/bus_values.h"

#include <gtest/gtest.h>

namespace spicykvm::ctl {
namespace {

using sdbus::Variant;

Dict target_dict() {
    return {{"path", Variant(sdbus::ObjectPath("/org/spicykvm/target/win11"))},
            {"name", Variant(std::string("win11"))},
            {"uri", Variant(std::string("spice://h:1"))},
            {"connection", Variant(std::string("connected"))},
            {"vm_name", Variant(std::string("Windows 11"))},
            {"vm_uuid", Variant(std::string("u"))},
            {"last_error", Variant(std::string("e"))},
            {"hotkey", Variant(std::string("tap(f1)"))},
            {"insecure", Variant(true)}};
}

Dict status_dict() {
    return {{"version", Variant(std::string("0.1.0"))},
            {"state", Variant(std::string("active"))},
            {"active_target", Variant(std::string("win11"))},
            {"default_target", Variant(std::string("win11"))},
            {"since", Variant(std::uint64_t{5})},
            {"activator", Variant(std::uint32_t{1000})},
            {"last_error", Variant(std::string("x"))},
            {"blocked", Variant(std::string("b"))},
            {"warnings", Variant(std::vector<std::string>{"w"})},
            {"keyboards_grabbed", Variant(std::uint32_t{1})},
            {"pointers_grabbed", Variant(std::uint32_t{2})},
            {"targets", Variant(std::vector<Dict>{target_dict()})},
            {"metrics", Variant(std::map<std::string, std::uint64_t>{{"keys_sent", 7}})}};
}

TEST(BusValues, ReadAWholeStatus) {
    const Status status = to_status(status_dict());
    EXPECT_EQ(status.version, "0.1.0");
    EXPECT_EQ(status.state, "active");
    EXPECT_EQ(status.active_target, "win11");
    EXPECT_EQ(status.since_us, 5U);
    EXPECT_EQ(status.activator, 1000U);
    EXPECT_EQ(status.last_error, "x");
    EXPECT_EQ(status.blocked, "b");
    EXPECT_EQ(status.warnings, std::vector<std::string>{"w"});
    EXPECT_EQ(status.keyboards_grabbed, 1U);
    EXPECT_EQ(status.pointers_grabbed, 2U);
    EXPECT_EQ(status.metrics.at("keys_sent"), 7U);
    ASSERT_EQ(status.targets.size(), 1U);
    EXPECT_EQ(status.targets[0], (Target{"/org/spicykvm/target/win11", "win11", "spice://h:1",
                                         "connected", "Windows 11", "u", "e", "tap(f1)", true}));
}

TEST(BusValues, PassOverWhatIsMissingNewOrOfAnotherType) {
    EXPECT_EQ(to_status({}).state, "");
    EXPECT_FALSE(to_status({}).activator);
    Dict dict = status_dict();
    dict["state"] = Variant(std::uint32_t{1});
    dict["since"] = Variant(std::string("5"));
    dict["targets"] = Variant(std::string("none"));
    dict["invented_later"] = Variant(1.5);
    dict.erase("activator");
    const Status status = to_status(dict);
    EXPECT_EQ(status.state, "");
    EXPECT_EQ(status.since_us, 0U);
    EXPECT_TRUE(status.targets.empty());
    EXPECT_FALSE(status.activator);
    EXPECT_EQ(status.version, "0.1.0");
}

TEST(BusValues, LeaveAnActivatorOfAnotherTypeOut) {
    EXPECT_FALSE(to_status({{"activator", Variant(std::string("root"))}}).activator);
}

TEST(BusValues, ReadDevices) {
    const auto devices = to_devices({{{"node", Variant(std::string("/dev/input/event3"))},
                                      {"name", Variant(std::string("K"))},
                                      {"id", Variant(std::string("1:2"))},
                                      {"phys", Variant(std::string("p"))},
                                      {"keyboard", Variant(true)},
                                      {"pointer", Variant(false)},
                                      {"used", Variant(true)},
                                      {"grabbed", Variant(true)},
                                      {"note", Variant(std::string("n"))}},
                                     {}});
    ASSERT_EQ(devices.size(), 2U);
    EXPECT_EQ(devices[0].node, "/dev/input/event3");
    EXPECT_EQ(devices[0].note, "n");
    EXPECT_TRUE(devices[0].keyboard && devices[0].used && devices[0].grabbed);
    EXPECT_FALSE(devices[0].pointer);
    EXPECT_EQ(devices[1].node, "");
}

TEST(BusValues, ReadDisplays) {
    Dict monitor;
    for (const char* key : {"target", "name", "host", "guest", "way_home", "home_by", "note"}) {
        monitor.emplace(key, Variant("a " + std::string(key)));
    }
    const auto displays = to_displays({{{"connector", Variant(std::string("card1-DP-1"))},
                                        {"monitor", Variant(std::string("m"))},
                                        {"bus", Variant(std::uint16_t{5})},
                                        {"ddc", Variant(true)},
                                        {"input", Variant(std::uint16_t{0x11})},
                                        {"input_name", Variant(std::string("hdmi-1"))},
                                        {"note", Variant(std::string("n"))},
                                        {"configured", Variant(std::vector<Dict>{monitor})}},
                                       {{"bus", Variant(std::string("5"))}}});
    ASSERT_EQ(displays.size(), 2U);
    EXPECT_EQ(displays[0].connector, "card1-DP-1");
    EXPECT_EQ(displays[0].monitor, "m");
    EXPECT_EQ(displays[0].bus, 5);
    EXPECT_TRUE(displays[0].ddc);
    EXPECT_EQ(displays[0].input, 0x11);
    EXPECT_EQ(displays[0].input_name, "hdmi-1");
    EXPECT_EQ(displays[0].note, "n");
    ASSERT_EQ(displays[0].configured.size(), 1U);
    const ConfiguredMonitor& read = displays[0].configured[0];
    EXPECT_EQ(read.target + read.name + read.host + read.guest, "a targeta namea hosta guest");
    EXPECT_EQ(read.way_home + read.home_by + read.note, "a way_homea home_bya note");
    EXPECT_FALSE(displays[1].bus);
    EXPECT_FALSE(displays[1].input);
    EXPECT_FALSE(displays[1].ddc);
}

TEST(BusValues, ReadAFeatureAndWhatASetSays) {
    const Feature feature = to_feature({{"supported", Variant(true)},
                                        {"current", Variant(std::uint16_t{0x11})},
                                        {"maximum", Variant(std::uint16_t{0x12})},
                                        {"name", Variant(std::string("hdmi-1"))}});
    EXPECT_TRUE(feature.supported);
    EXPECT_EQ(feature.current, 0x11);
    EXPECT_EQ(feature.maximum, 0x12);
    EXPECT_EQ(feature.name, "hdmi-1");
    EXPECT_FALSE(to_feature({}).supported);
    EXPECT_EQ(to_note({{"note", Variant(std::string("n"))}}), "n");
    EXPECT_EQ(to_note({}), "");
}

TEST(BusValues, ReadCapabilities) {
    const std::map<std::uint8_t, std::vector<std::uint8_t>> features{{0x60, {0x0f, 0x11}}};
    const std::map<std::uint16_t, std::string> inputs{{0x0f, "displayport-1"}};
    const Capabilities read =
        to_capabilities({{"protocol", Variant(std::string("p"))},
                         {"type", Variant(std::string("t"))},
                         {"model", Variant(std::string("m"))},
                         {"mccs_version", Variant(std::string("2.1"))},
                         {"features", Variant(features)},
                         {"inputs", Variant(inputs)},
                         {"warnings", Variant(std::vector<std::string>{"w"})}});
    EXPECT_EQ(read.protocol + read.type + read.model + read.mccs_version, "ptm2.1");
    EXPECT_EQ(read.features, features);
    EXPECT_EQ(read.inputs, inputs);
    EXPECT_EQ(read.warnings, std::vector<std::string>{"w"});
}

TEST(BusValues, PutChangedPropertiesInTheirPlace) {
    Status status = to_status(status_dict());
    apply_manager(status, {{"State", Variant(std::string("inactive"))},
                           {"ActiveTarget", Variant(std::string())}});
    EXPECT_EQ(status.state, "inactive");
    EXPECT_EQ(status.active_target, "");
    EXPECT_EQ(status.last_error, "x");
    apply_target(status, "/org/spicykvm/target/win11",
                 {{"Connection", Variant(std::string("waiting"))},
                  {"LastError", Variant(std::string("lost"))}});
    EXPECT_EQ(status.targets[0].connection, "waiting");
    EXPECT_EQ(status.targets[0].last_error, "lost");
    EXPECT_EQ(status.targets[0].name, "win11");
}

TEST(BusValues, PassOverATargetThatIsNotKnown) {
    Status status = to_status(status_dict());
    apply_target(status, "/org/spicykvm/target/other",
                 {{"Connection", Variant(std::string("waiting"))}});
    EXPECT_EQ(status.targets[0].connection, "connected");
}

} // namespace
} // namespace spicykvm::ctl
