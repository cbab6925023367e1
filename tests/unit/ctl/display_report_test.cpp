// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/display_report.h"
#include "unit/ctl/fake_daemon.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kNote =
    "what a monitor declares is a hint: it may leave out inputs that work, and list some that do "
    "not\n";

TEST(DisplayReport, ShowsDisplays) {
    FakeEnvironment fake;
    print_displays(fake.environment, sample_displays());
    EXPECT_EQ(fake.out.str(),
              "CONNECTOR   MONITOR                   BUS    DDC  INPUT          NOTE\n"
              "card1-DP-1  DEL 0x41b5 \"DELL U2720Q\"  i2c-5  yes  hdmi-1 (0x11)\n"
              "-           GSM 0x5b08 \"LG\"           i2c-6  no   -              i2c-6: the "
              "monitor does "
              "not answer\n"
              "card1-DP-2  -                         -      -    -              no monitor is seen "
              "here\n");
}

TEST(DisplayReport, ShowsWhatIsConfiguredForThem) {
    FakeEnvironment fake;
    print_displays(fake.environment, sample_configured_displays());
    EXPECT_EQ(
        fake.out.str(),
        "CONNECTOR   MONITOR                   BUS    DDC  INPUT          NOTE\n"
        "card1-DP-1  DEL 0x41b5 \"DELL U2720Q\"  i2c-5  yes  hdmi-1 (0x11)\n"
        "-           GSM 0x5b08 \"LG\"           i2c-6  no   -              i2c-6: the monitor "
        "does "
        "not answer\n"
        "\n"
        "TARGET  NAME      DISPLAY     HOST           GUEST                RETURN            NOTE\n"
        "win11   left      card1-DP-1  displayport-1  hdmi-1, 0xe7=0xff00  cable card1-DP-3\n"
        "linux   monitor1  card1-DP-1  displayport-1  hdmi-2               ddc\n"
        "linux   monitor2  i2c-6       hdmi-1         0x1b                 hook /bin/home\n"
        "win11   right     -           hdmi-1         hdmi-2               by-hand           no "
        "such "
        "monitor is connected\n");
}

TEST(DisplayReport, ShowsWhatIsConfiguredAndNowhere) {
    FakeEnvironment fake;
    print_displays(fake.environment, {sample_configured_displays().back()});
    EXPECT_THAT(fake.out.str(), testing::StartsWith("No displays:"));
    EXPECT_THAT(fake.out.str(), HasSubstr("no such monitor is connected"));
}

TEST(DisplayReport, SaysWhenThereAreNoDisplays) {
    FakeEnvironment fake;
    print_displays(fake.environment, {});
    EXPECT_EQ(fake.out.str(), "No displays: has this machine's graphics card a driver?\n");
}

TEST(DisplayReport, ShowsCapabilities) {
    FakeEnvironment fake;
    print_capabilities(fake.environment, sample_capabilities());
    EXPECT_EQ(fake.out.str(), std::string("Model     U2720Q\n"
                                          "Type      LCD\n"
                                          "Protocol  monitor\n"
                                          "MCCS      2.1\n"
                                          "Inputs    displayport-1 (0x0f), hdmi-1 (0x11), 0x1b\n"
                                          "Feature   0x10\n"
                                          "Feature   0x60: 0x0f 0x11 0x1b\n"
                                          "Warning   a bracket is missing\n"
                                          "Note      ") +
                                  kNote);
}

TEST(DisplayReport, ShowsAProbe) {
    FakeEnvironment fake;
    print_probe(fake.environment,
                {Feature{true, 0x0f, 0x12, "displayport-1"}, sample_capabilities()});
    EXPECT_EQ(fake.out.str(), std::string("DDC/CI    answers\n"
                                          "Input     displayport-1 (0x0f)\n"
                                          "Declared  displayport-1 (0x0f), hdmi-1 (0x11), 0x1b\n"
                                          "Note      ") +
                                  kNote);
}

TEST(DisplayReport, ShowsAProbeOfAMonitorThatTellsLittle) {
    for (const auto& input : {std::optional<Feature>(), std::optional<Feature>(Feature{})}) {
        FakeEnvironment fake;
        print_probe(fake.environment, {input, tl::unexpected(CallError{"e", "cut\noff"})});
        EXPECT_THAT(fake.out.str(), HasSubstr("Input     not told; it may change all the same\n"
                                              "Declared  not known: cut off\n"));
    }
    FakeEnvironment fake;
    print_probe(fake.environment, {std::nullopt, Capabilities{}});
    EXPECT_THAT(fake.out.str(), HasSubstr("Declared  none\n"));
}

TEST(DisplayReport, WritesAFeatureSoThatTheFirstWordIsTheValue) {
    EXPECT_EQ(to_line({true, 0x0f, 0x12, "displayport-1"}), "0x0f  displayport-1");
    EXPECT_EQ(to_line({true, 0x1b1b, 0x12, "0x1b1b"}), "0x1b1b");
    EXPECT_EQ(to_line({true, 0x32, 0x64, ""}), "0x32  of 0x64");
}

TEST(DisplayReport, KeepsForeignTextFromTheTerminal) {
    FakeEnvironment fake;
    auto displays = sample_displays();
    displays[0].monitor = "a\x1b[2J";
    displays[0].input_name = "b\nc";
    displays[0].note = "d\re";
    print_displays(fake.environment, displays);
    Capabilities capabilities = sample_capabilities();
    capabilities.model = "f\x1b[2J";
    capabilities.inputs = {{0x11, "g\x1b[2J"}};
    capabilities.warnings = {"h\x1b[2J"};
    print_capabilities(fake.environment, capabilities);
    EXPECT_THAT(fake.out.str(), Not(HasSubstr("\x1b")));
    EXPECT_THAT(fake.out.str(), HasSubstr("b c (0x11)  d e\n"));
}

} // namespace
} // namespace spicykvm::ctl
