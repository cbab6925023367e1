// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/command_line.h"
#include "unit/config/argv.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CommandLine, MakeATargetNamedDefault) {
    const Options tcp = options({"--spice-host", "vm.lan", "--spice-port", "5901",
                                 "--spice-insecure", "--spice-password-env", "PW"});
    ASSERT_TRUE(tcp.overlay.target);
    EXPECT_EQ(tcp.overlay.target->name, "default");
    EXPECT_EQ(tcp.overlay.target->uri, "spice://vm.lan:5901");
    EXPECT_TRUE(tcp.overlay.target->insecure);
    EXPECT_EQ(tcp.overlay.target->password, PasswordSource::env("PW"));
}

TEST(CommandLine, CompleteHostAndPort) {
    const auto uri = [](std::vector<std::string> words) {
        return options(std::move(words)).overlay.target->uri;
    };
    EXPECT_EQ(uri({"--spice-port", "5902"}), "spice://127.0.0.1:5902");
    EXPECT_EQ(uri({"--spice-host", "localhost"}), "spice://localhost:5900");
    EXPECT_EQ(uri({"--spice-host", "::1"}), "spice://[::1]:5900");
    EXPECT_EQ(uri({"--spice-host", "[::1]"}), "spice://[::1]:5900");
    EXPECT_EQ(uri({"--spice-host", "/run/vm.sock"}), "spice+unix:///run/vm.sock");
    EXPECT_FALSE(options({"--spice-port", "5902"}).overlay.target->insecure);
}

TEST(CommandLine, RefuseHostsAndPortsThatAreNone) {
    EXPECT_THAT(refused({"--spice-host", ""}), HasSubstr("--spice-host: \"\" is not allowed; "
                                                         "allowed: a host name, an address"));
    for (const char* host : {"a b", "a/b", "user@host", "h?x", "/", "/a b"}) {
        EXPECT_THAT(refused({"--spice-host", host}), HasSubstr("--spice-host: ")) << host;
    }
    for (const char* port : {"0", "65536", "-1", "http", ""}) {
        EXPECT_THAT(refused({"--spice-port", port}), HasSubstr("--spice-port")) << port;
    }
    EXPECT_THAT(refused({"--spice-host", "/s", "--spice-port", "1"}),
                HasSubstr("--spice-port: a unix socket has no port"));
}

TEST(CommandLine, TakeOnePasswordForOneTarget) {
    EXPECT_THAT(
        refused({"--spice-port", "1", "--spice-password", "a", "--spice-password-env", "B"}),
        HasSubstr("--spice-password: more than one source"));
    EXPECT_THAT(
        refused({"--spice-password-file", "/pw"}),
        HasSubstr("--spice-password-file: there is no target; allowed: with --spice-host or "
                  "--spice-port"));
    EXPECT_THAT(refused({"--on", "f1"}), HasSubstr("--on: there is no target"));
}

TEST(CommandLine, ActOnReleaseAndOffPress) {
    const Options both = options({"--spice-port", "1", "--on", "scrolllock", "--off", "pause"});
    EXPECT_EQ(to_text(both.overlay.target->hotkey), "release(scrolllock)");
    EXPECT_EQ(to_text(both.overlay.home), "press(pause)");
    EXPECT_EQ(to_text(options({"--off", "pause"}).overlay.home), "press(pause)");
}

TEST(CommandLine, MakeOneKeyForBothAToggle) {
    const Options same = options({"--spice-port", "1", "--on", "pause", "--off", "KEY_PAUSE"});
    EXPECT_EQ(to_text(same.overlay.toggle), "release(pause)");
    EXPECT_THAT(same.overlay.home, IsEmpty());
    EXPECT_THAT(same.overlay.target->hotkey, IsEmpty());
}

TEST(CommandLine, RefuseKeysThatAreNone) {
    EXPECT_THAT(refused({"--off", "nokey"}),
                HasSubstr("--off: \"nokey\": no key or button has this name"));
    EXPECT_THAT(refused({"--spice-port", "1", "--on", "tap(f1)"}), HasSubstr("--on: \"tap(f1)\""));
}

TEST(CommandLine, ChooseDevices) {
    const auto devices =
        options({"--input", "/dev/input/event3", "--input", "046d:c52b", "--input", "Logitech*"})
            .overlay.devices;
    ASSERT_TRUE(devices);
    EXPECT_FALSE(devices->automatic);
    EXPECT_THAT(devices->rules, ElementsAre(DeviceRule{"", "/dev/input/event3", std::nullopt, ""},
                                            DeviceRule{"", "", DeviceId{0x046d, 0xc52b}, ""},
                                            DeviceRule{"Logitech*", "", std::nullopt, ""}));
    EXPECT_EQ(options({"--input-auto"}).overlay.devices, DeviceSelection{});
    EXPECT_THAT(refused({"--input-auto", "--input", "a"}), HasSubstr("--input-auto: not with"));
    EXPECT_THAT(refused({"--input", ""}), HasSubstr("--input: \"\" is not allowed"));
    EXPECT_THAT(refused({"--input", "a", "b"}), HasSubstr("b"));
}

TEST(CommandLine, SoundIsThatOfTheDefaultTarget) {
    using core::AudioWhen;
    const auto target = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"--spice-host", "vm"});
        return options(more).overlay.target.value();
    };
    const auto plain = target({});
    EXPECT_EQ(plain.playback.when, AudioWhen::Never);
    EXPECT_EQ(plain.record.when, AudioWhen::Never);

    const auto active = target({"--record", "mic", "--playback", "out"});
    EXPECT_EQ(active.playback, (core::AudioSettings{"out", AudioWhen::Active}));
    EXPECT_EQ(active.record, (core::AudioSettings{"mic", AudioWhen::Active}));

    const auto persistent =
        target({"--record-persistent", "--playback", "", "--playback-persistent"});
    EXPECT_EQ(persistent.playback, (core::AudioSettings{"", AudioWhen::Always}));
    EXPECT_EQ(persistent.record, (core::AudioSettings{"", AudioWhen::Always}));

    EXPECT_THAT(refused({"--record-persistent"}),
                HasSubstr("--record-persistent: there is no target"));
    EXPECT_THAT(refused({"--playback", "out"}), HasSubstr("--playback: there is no target"));
    EXPECT_THAT(refused({"--spice-host", "vm", "--playback", "a\nb"}), HasSubstr("--playback: "));
}

TEST(CommandLine, MakesAMonitorOfTheDefaultTarget) {
    const auto monitors = [](const char* display) {
        return options({"--spice-port", "5900", "--ddc", display, "--ddc-vcp", "60,0f,11",
                        "--ddc-vcp", "0xF4,0x00D0,0xffff"})
            .overlay.target->monitors;
    };
    MonitorConfig expected;
    expected.match.connector = "card1-HDMI-A-1";
    expected.set = {{0x60, false, "0x0f", "0x11"}, {0xf4, false, "0xd0", "0xffff"}};
    EXPECT_EQ(monitors("card1-HDMI-A-1"), std::vector{expected});
    for (const char* connector : {"HDMI-A-1", "card1"}) {
        expected.match.connector = connector;
        EXPECT_EQ(monitors(connector), std::vector{expected});
    }
    expected.match = {};
    expected.i2c = 5;
    for (const char* bus : {"5", "i2c-5", "/dev/i2c-5"}) {
        EXPECT_EQ(monitors(bus), std::vector{expected}) << bus;
    }
    for (const char* bus : {"256", "i2c-99999999999"}) {
        EXPECT_THAT(refused({"--spice-port", "5900", "--ddc", bus, "--ddc-vcp", "60,0f,11"}),
                    HasSubstr("allowed: buses 0 to 255"));
    }
    EXPECT_THAT(refused({"--spice-port", "5900", "--ddc", "5"}),
                HasSubstr("--ddc: nothing is to be set"));
    EXPECT_THAT(refused({"--ddc", "5", "--ddc-vcp", "60,0f,11"}),
                HasSubstr("--ddc: there is no target"));
}

TEST(CommandLine, RefusesVcpTriplesThatAreNone) {
    for (const char* triple : {"", "60", "60,1", "60,1,2,3", "100,1,2", "60,10000,1", "60,1,g",
                               "60,,1", "0x,1,2", "60,1,-2", "60,1,2,"}) {
        EXPECT_THAT(refused({"--ddc", "x", "--ddc-vcp", triple}),
                    HasSubstr("--ddc-vcp: \"" + std::string(triple) +
                              "\" is not allowed; allowed: "
                              "VCP,INACTIVE,ACTIVE"))
            << triple;
    }
    EXPECT_THAT(refused({"--ddc-vcp", "60,1,2"}), HasSubstr("--ddc-vcp: there is no monitor"));
}

} // namespace
} // namespace spicykvm::config
