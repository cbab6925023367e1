// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/reader.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kEverything = R"toml(
[daemon]
log_level = "debug"
default_target = "win11"
when_locked = "allow"

[hotkeys]
toggle = "tap(rightctrl)"
home = "press(pause)"
next = ["leftmeta+f12", "tap(f13)"]
last = "double(rightctrl)"
lend_mouse = "hold(rightctrl)"
borrow = "hold(f14)"
tap_ms = 200
double_ms = 300
hold_ms = 400

[input]
devices = [
  { name = "Logitech*" },
  { path = "/dev/input/by-id/usb-x-event-kbd", phys = "usb-*/input0" },
  { id = "046d:c52b" },
]
exclude = [ { name = "Power Button" } ]
virtual_devices = true
rt_priority = 0
neutral_deadline_ms = 100
stall_timeout_ms = 0
seat = "seat-tv"

[spice]
connect_timeout_ms = 3000
retry_min_ms = 200
retry_max_ms = 20000

[[target]]
name = "win11"
uri = "spice+unix:///run/libvirt/qemu/win11-spice.sock"
uuid = "c7a5fdbd-edaf-9455-926a-d65c16db1809"
vm_name = "Windows 11"
password = { credential = "spice-win11" }
hotkey = "tap(scrolllock)"
connect = "on-activate"
insecure = true
peer_user = "libvirt-qemu"
max_delta = 127
horizontal_wheel = "shift"
)toml";

TEST(Reader, ReadsEveryKey) {
    const Draft draft = read_one(kEverything);
    ASSERT_THAT(lines(draft.diagnostics), IsEmpty());
    const Config& config = draft.config;
    EXPECT_EQ(config.daemon.log_level, spdlog::level::debug);
    EXPECT_EQ(config.daemon.default_target, "win11");
    EXPECT_EQ(config.daemon.when_locked, core::WhenLocked::Allow);
    EXPECT_EQ(to_text(config.hotkeys.toggle), "tap(rightctrl)");
    EXPECT_EQ(to_text(config.hotkeys.home), "press(pause)");
    EXPECT_EQ(to_text(config.hotkeys.next), "leftmeta+f12, tap(f13)");
    EXPECT_EQ(to_text(config.hotkeys.last), "double(rightctrl)");
    EXPECT_EQ(to_text(config.hotkeys.lend_mouse), "hold(rightctrl)");
    EXPECT_EQ(to_text(config.hotkeys.borrow), "hold(f14)");
    EXPECT_EQ(config.hotkeys.timing.tap, Milliseconds(200));
    EXPECT_EQ(config.hotkeys.timing.double_gap, Milliseconds(300));
    EXPECT_EQ(config.hotkeys.timing.hold, Milliseconds(400));
    EXPECT_EQ(config.spice.connect_timeout, Milliseconds(3000));
    EXPECT_EQ(config.spice.retry_min, Milliseconds(200));
    EXPECT_EQ(config.spice.retry_max, Milliseconds(20000));
}

TEST(Reader, ReadsEveryKeyOfTheInput) {
    const InputConfig input = read_one(kEverything).config.input;
    EXPECT_FALSE(input.devices.automatic);
    EXPECT_THAT(input.devices.rules, ElementsAre(DeviceRule{"Logitech*", "", std::nullopt, ""},
                                                 DeviceRule{"", "/dev/input/by-id/usb-x-event-kbd",
                                                            std::nullopt, "usb-*/input0"},
                                                 DeviceRule{"", "", DeviceId{0x046d, 0xc52b}, ""}));
    EXPECT_THAT(input.exclude, ElementsAre(DeviceRule{"Power Button", "", std::nullopt, ""}));
    EXPECT_TRUE(input.virtual_devices);
    EXPECT_EQ(input.rt_priority, 0);
    EXPECT_EQ(input.neutral_deadline, Milliseconds(100));
    EXPECT_EQ(input.stall_timeout, Milliseconds(0));
    EXPECT_EQ(input.seat, "seat-tv");
}

TEST(Reader, ReadsEveryKeyOfATarget) {
    const Config config = read_one(kEverything).config;
    ASSERT_EQ(config.targets.size(), 1U);
    const TargetConfig& target = config.targets[0];
    EXPECT_EQ(target.name, "win11");
    EXPECT_EQ(target.uri, "spice+unix:///run/libvirt/qemu/win11-spice.sock");
    ASSERT_TRUE(target.uuid);
    EXPECT_EQ((*target.uuid)[0], 0xc7);
    EXPECT_EQ(target.vm_name, "Windows 11");
    EXPECT_EQ(target.password, PasswordSource::credential("spice-win11"));
    EXPECT_EQ(to_text(target.hotkey), "tap(scrolllock)");
    EXPECT_EQ(target.connect, ConnectMode::OnActivate);
    EXPECT_TRUE(target.insecure);
    EXPECT_EQ(target.peer_user, "libvirt-qemu");
    EXPECT_EQ(target.forwarding.max_delta, 127);
    EXPECT_TRUE(target.forwarding.horizontal_wheel_as_shift);
}

TEST(Reader, LeavesEverythingElseAtItsDefault) {
    const Draft draft = read_one("");
    EXPECT_THAT(lines(draft.diagnostics), IsEmpty());
    EXPECT_TRUE(draft.config.input.devices.automatic);
    EXPECT_THAT(draft.config.targets, IsEmpty());
    EXPECT_EQ(draft.config.hotkeys.timing.tap, Milliseconds(250));
}

TEST(Reader, ReadsAllSourcesOfAPassword) {
    const auto source = [](const std::string& password) {
        return read_one("[[target]]\nname='t'\nuri='spice://h:1'\npassword = " + password)
            .config.targets[0]
            .password;
    };
    EXPECT_EQ(source("{ file = '/etc/pw' }"), PasswordSource::file("/etc/pw"));
    EXPECT_EQ(source("{ env = 'PW' }"), PasswordSource::env("PW"));
    EXPECT_EQ(source("{ credential = 'pw' }"), PasswordSource::credential("pw"));
}

struct Wrong {
    std::string_view text;
    std::string_view said;
};

class ReaderSays : public testing::TestWithParam<Wrong> {};

TEST_P(ReaderSays, WhereWhatAndWhatElse) {
    EXPECT_THAT(said(GetParam().text), ElementsAre(std::string(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, ReaderSays,
    testing::Values(
        Wrong{"[hotkeys]\ntogle = 'tap(pause)'",
              "f:2: hotkeys.togle: unknown key; did you mean \"toggle\"?"},
        Wrong{"[spice]\n\nport = 5900",
              "f:3: spice.port: unknown key; allowed: connect_timeout_ms, "
              "retry_min_ms, retry_max_ms"},
        Wrong{"targets = 1", "f:1: targets: unknown key; did you mean \"target\"?"},
        Wrong{"\"a\\nb.c\" = 1", "f:1: \"a?b.c\": unknown key; allowed: daemon, hotkeys, input, "
                                 "spice, target"},
        Wrong{"input = 3", "f:1: input: 3 is not allowed; allowed: a table of devices, exclude, "
                           "virtual_devices, rt_priority, neutral_deadline_ms, stall_timeout_ms, "
                           "seat, host_keys"},
        Wrong{"[input]\nrt_priority = 100",
              "f:2: input.rt_priority: 100 is not allowed; allowed: a whole number from 0 to 99"},
        Wrong{"[input]\nrt_priority = -1",
              "f:2: input.rt_priority: -1 is not allowed; allowed: a whole number from 0 to 99"},
        Wrong{"[input]\nrt_priority = 'high'", "f:2: input.rt_priority: \"high\" is not allowed; "
                                               "allowed: a whole number from 0 to 99"},
        Wrong{"[input]\nrt_priority = 1.5",
              "f:2: input.rt_priority: a number with a fraction is not allowed; allowed: a whole "
              "number from 0 to 99"},
        Wrong{"[input]\nstall_timeout_ms = 60001",
              "f:2: input.stall_timeout_ms: 60001 is not allowed; allowed: milliseconds from 0 to "
              "60000"},
        Wrong{"[input]\nvirtual_devices = 1",
              "f:2: input.virtual_devices: 1 is not allowed; allowed: true or false"},
        Wrong{"[input]\ndevices = 'all'",
              "f:2: input.devices: \"all\" is not allowed; allowed: \"auto\" or a list of 1 to 64 "
              "tables { name, path, id, phys }"},
        Wrong{"[input]\ndevices = []",
              "f:2: input.devices: an empty list is not allowed; allowed: \"auto\" or a list of 1 "
              "to 64 tables { name, path, id, phys }"},
        Wrong{"[input]\ndevices = [\n  { id = '46d:c52b' }\n]",
              "f:3: input.devices.id: \"46d:c52b\" is not allowed; allowed: vendor and product in "
              "hexadecimal, such as \"046d:c52b\""},
        Wrong{"[input]\nexclude = [ {} ]",
              "f:2: input.exclude: a table is not allowed; allowed: a table of name, path, id, "
              "phys"},
        Wrong{"[input]\nexclude = [ { path = 'event3' } ]",
              "f:2: input.exclude.path: \"event3\" is not allowed; allowed: an absolute path"},
        Wrong{"[daemon]\nlog_level = 'loud'",
              "f:2: daemon.log_level: \"loud\" is not allowed; allowed: \"trace\", \"debug\", "
              "\"info\", \"warning\", \"error\", \"critical\""},
        Wrong{"[daemon]\nlog_level = 2026-01-01",
              "f:2: daemon.log_level: a date or time is not allowed; allowed: \"trace\", "
              "\"debug\", \"info\", \"warning\", \"error\", \"critical\""},
        Wrong{"[hotkeys]\ntoggle = 'tap(foo)'",
              "f:2: hotkeys.toggle: \"foo\": no key or button has this name; allowed: the names of "
              "evdev, such as rightctrl, pause, f12, btn_side"},
        Wrong{"[hotkeys]\ntoggle = []", "f:2: hotkeys.toggle: an empty list is not allowed; "
                                        "allowed: a hotkey or a list of 1 to 8"},
        Wrong{"[hotkeys]\ntoggle = 29",
              "f:2: hotkeys.toggle: 29 is not allowed; allowed: a hotkey or a list of 1 to 8"},
        Wrong{"a = 1\nb = [1", "f:2: not valid TOML: Error while parsing array: encountered "
                               "end-of-file"}));

class TargetSays : public testing::TestWithParam<Wrong> {};

TEST_P(TargetSays, WhereWhatAndWhatElse) {
    const std::string text =
        "[[target]]\nname = 'win11'\nuri = 'spice://h:1'\n" + std::string(GetParam().text);
    EXPECT_THAT(said(text), ElementsAre("f:4: target.win11." + std::string(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, TargetSays,
    testing::Values(
        Wrong{"conect = 'always'", "conect: unknown key; did you mean \"connect\"?"},
        Wrong{"connect = 'sometimes'", "connect: \"sometimes\" is not allowed; allowed: "
                                       "\"always\", \"on-activate\""},
        Wrong{"uuid = 'c7a5'", "uuid: \"c7a5\" is not allowed; allowed: a UUID such as "
                               "\"c7a5fdbd-edaf-9455-926a-d65c16db1809\""},
        Wrong{"vm_name = ''", "vm_name: \"\" is not allowed; allowed: a text of 1 to 255 "
                              "characters"},
        Wrong{"vm_name = \"a\\u0000\"", "vm_name: \"a?\" is not allowed; allowed: a text of 1 to "
                                        "255 characters"},
        Wrong{"max_delta = 32768",
              "max_delta: 32768 is not allowed; allowed: a whole number from 0 to 32767"},
        Wrong{"horizontal_wheel = 'tilt'",
              "horizontal_wheel: \"tilt\" is not allowed; allowed: \"drop\", \"shift\""},
        Wrong{"insecure = 'yes'", "insecure: \"yes\" is not allowed; allowed: true or false"},
        Wrong{"peer_user = 'a b'",
              "peer_user: \"a b\" is not allowed; allowed: the name or the number of a user"},
        Wrong{"peer_user = 'root'", "peer_user: only a unix socket shows who owns its other end; "
                                    "allowed: with a spice+unix uri"},
        Wrong{"password = { }",
              "password: exactly one source is needed; allowed: { credential = \"NAME\" }, { file "
              "= \"/PATH\" } or { env = \"VARIABLE\" }"},
        Wrong{"password = { file = '/a', env = 'B' }",
              "password: exactly one source is needed; allowed: { credential = \"NAME\" }, { file "
              "= \"/PATH\" } or { env = \"VARIABLE\" }"},
        Wrong{"password = { credential = '../shadow' }",
              "password.credential: \"../shadow\" is not allowed; allowed: the name of a "
              "credential, as in LoadCredential="},
        Wrong{"password = { env = 'A=B' }", "password.env: \"A=B\" is not allowed; allowed: the "
                                            "name of an environment variable"}));

TEST(Reader, NeverShowsAPasswordWrittenIntoTheFile) {
    const auto texts = said("[[target]]\nname = 'win11'\nuri = 'spice://h:1'\n"
                            "password = 'topsecret'");
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_THAT(texts[0], HasSubstr("f:4: target.win11.password: a password does not belong in "
                                    "this file; allowed: { credential"));
    EXPECT_THAT(texts[0], testing::Not(HasSubstr("topsecret")));
}

TEST(Reader, CollectsAllThatIsWrong) {
    EXPECT_THAT(said("[input]\nrt_priority = 100\nvirtual_devices = 1\n[spice]\nfoo = 1"),
                ElementsAre(HasSubstr("f:2: "), HasSubstr("f:3: "), HasSubstr("f:5: ")));
}

TEST(Reader, AsksForTheNameOfATarget) {
    EXPECT_THAT(said("[[target]]\nuri = 'spice://h:1'\n"),
                ElementsAre("f:1: target[1].name: missing; every [[target]] needs it"));
    EXPECT_THAT(said("[[target]]\nname = 'a b'\nuri = 'spice://h:1'\n"),
                ElementsAre("f:2: target[1].name: \"a b\" is not allowed; allowed: 1 to 64 "
                            "letters, digits, '.', '_' and '-', beginning with a letter or digit"));
    EXPECT_THAT(said("[[target]]\nname = 7\n"), ElementsAre(HasSubstr("f:2: target[1].name: 7")));
    EXPECT_THAT(said("target = { name = 'a' }\n"),
                ElementsAre(HasSubstr("f:1: target: a table is not allowed; allowed: [[target]]")));
    EXPECT_THAT(said("target = [ 1 ]\n"), ElementsAre(HasSubstr("f:1: target[1]: 1")));
}

TEST(Reader, TakesOnlyUrisOfTheRightShape) {
    const auto texts = [](const std::string& uri) {
        return said("[[target]]\nname='t'\nuri='" + uri + "'");
    };
    for (const char* good : {"spice://h:5900", "spice://[::1]:5900", "spice+tls://h:5901",
                             "spice+unix:///run/s.sock", "spice+unix://@s", "spice://h"}) {
        EXPECT_THAT(texts(good), IsEmpty()) << good;
    }
    for (const char* bad : {"", "h:5900", "vnc://h:5900", "spice:h", "spice+unix://run/s",
                            "spice://", "spice+unix:///", "spice+tls://", "SPICE://h",
                            "spice://h h", "spice:?password=topsecret"}) {
        EXPECT_THAT(texts(bad),
                    ElementsAre("f:3: target.t.uri: what is written here is not allowed; allowed: "
                                "\"spice://HOST:PORT\", \"spice+unix:///PATH\" or "
                                "\"spice+unix://@NAME\""))
            << bad;
    }
}

TEST(Reader, RefusesTheSameTargetTwiceInOneFile) {
    EXPECT_THAT(said("[[target]]\nname='a'\nuri='spice://h:1'\n[[target]]\nname='a'\n"),
                ElementsAre("f:4: target.a: already in line 1; allowed: each name once in a file"));
}

TEST(Reader, TakesTheMostTargetsAndNoMore) {
    std::string text;
    for (std::size_t i = 0; i < kMaxTargets; ++i) {
        text += "[[target]]\nname='t" + std::to_string(i) + "'\nuri='spice://h:1'\n";
    }
    EXPECT_THAT(said(text), IsEmpty());
    EXPECT_THAT(said(text + "[[target]]\nname='more'\nuri='spice://h:1'\n"),
                ElementsAre(HasSubstr("target.more: too many targets; allowed: 64")));
}

TEST(Reader, LimitsListsOfHotkeysAndDevices) {
    const auto list = [](const std::string& item, std::size_t count) {
        std::string text = "[";
        for (std::size_t i = 0; i < count; ++i) {
            text += item + std::to_string(i + 1) + ")', ";
        }
        return text + "]";
    };
    EXPECT_THAT(said("[hotkeys]\ntoggle = " + list("'tap(f", 8)), IsEmpty());
    EXPECT_THAT(said("[hotkeys]\ntoggle = " + list("'tap(f", 9)),
                ElementsAre(HasSubstr("a list is not allowed; allowed: a hotkey or a list of")));
    std::string devices;
    for (int i = 0; i < 64; ++i) {
        devices += "{ name = 'n' },";
    }
    EXPECT_THAT(said("[input]\ndevices = [" + devices + "]"), IsEmpty());
    EXPECT_THAT(said("[input]\nexclude = [" + devices + "{ name = 'n' } ]"),
                ElementsAre(HasSubstr("a list of at most 64 tables")));
}

TEST(Reader, RefusesAFileThatIsTooLarge) {
    EXPECT_THAT(said(std::string(kMaxFileSize, '\n')), IsEmpty());
    EXPECT_THAT(said(std::string(kMaxFileSize + 1, '\n')),
                ElementsAre("f: too large; allowed: 1 MiB"));
}

TEST(Reader, WarnsOfWhatThisVersionCannotDo) {
    EXPECT_THAT(
        said(R"([input]
host_keys = ["micmute", "volumeup"]
[[target]]
name = "a"
uri = "spice://h:1"
)"),
        ElementsAre("f:2: warning: input.host_keys: not supported in this version: ignored"));
}

TEST(Reader, ReadsSound) {
    Draft draft;
    read_text(draft, "f", R"([[target]]
name = "a"
uri = "spice://h:1"
playback = { device = "speakers", when = "active", inactive_gain = -12, volume_law = "cubic" }
record = { device = "mic", when = "always" }
[[target]]
name = "b"
uri = "spice://h:1"
)");
    EXPECT_FALSE(draft.diagnostics.has_errors());
    using core::AudioSettings;
    const auto& a = draft.config.targets.at(0);
    EXPECT_EQ(a.playback,
              (AudioSettings{"speakers", core::AudioWhen::Active, -12, core::VolumeLaw::Cubic}));
    EXPECT_EQ(a.record, (AudioSettings{"mic", core::AudioWhen::Always, 0, core::VolumeLaw::Hda}));
    const auto& b = draft.config.targets.at(1);
    EXPECT_EQ(b.playback.when, core::AudioWhen::Always) << "heard without being asked for";
    EXPECT_EQ(b.record.when, core::AudioWhen::Never) << "a microphone is asked for";
}

TEST(Reader, ReadsMonitors) {
    Draft draft;
    read_text(draft, "f", R"([[target]]
name = "a"
uri = "spice://h:1"
[[target.monitor]]
name = "left"
match = { connector = "card1-HDMI-A-1", manufacturer = "DEL", product = "0xa0b1", name = "n", serial = "s" }
set = [ { host = "hdmi-1", guest = 0x0F }, { vcp = 0xe7, host = 0xff00, guest = 0xff00, lg_channel = true } ]
repeat = 2
sleep_multiplier = 3
wake_delay_ms = 0
[[target.monitor]]
i2c = 5
set = [ { host = "hdmi-1", guest = "displayport-1" } ]
)");
    EXPECT_FALSE(draft.diagnostics.has_errors());
    const auto& monitors = draft.config.targets.at(0).monitors;
    ASSERT_EQ(monitors.size(), 2U);
    MonitorConfig left;
    left.name = "left";
    left.match = {"card1-HDMI-A-1", "DEL", "0xa0b1", "n", "s"};
    left.set = {{0x60, false, "hdmi-1", "0x0f"}, {0xe7, true, "0xff00", "0xff00"}};
    left.repeat = 2;
    left.sleep_multiplier = 3;
    left.wake_delay = Milliseconds{0};
    EXPECT_EQ(monitors[0], left);
    MonitorConfig second;
    second.i2c = 5;
    second.set = {{0x60, false, "hdmi-1", "displayport-1"}};
    EXPECT_EQ(monitors[1], second);
}

TEST(Reader, ChecksTheShapeOfWhatThisVersionCannotDo) {
    const auto texts = said(R"([input]
host_keys = ["mute", "nokey"]
[[target]]
name = "a"
uri = "spice://h:1"
playback = { when = "never" , volume = 3 }
record = "mic"
[[target.monitor]]
i2c = 256
match = { product = "a0b1" }
set = [ { vcp = 96, host = 17, guest = 0x10000 }, { vcp = 0x100, host = "hdmi-1" } ]
repeat = 6
)");
    EXPECT_THAT(texts,
                testing::IsSupersetOf({
                    HasSubstr("f:2: input.host_keys: \"nokey\": no key or button"),
                    HasSubstr("f:6: target.a.playback.volume: unknown key"),
                    HasSubstr("f:7: target.a.record: \"mic\" is not allowed; allowed: a "
                              "table of device, when, volume_law"),
                    HasSubstr("f:9: target.a.monitor.i2c: 256 is not allowed"),
                    HasSubstr("f:10: target.a.monitor.match.product: \"a0b1\" is not "),
                    HasSubstr("f:11: target.a.monitor.set.vcp: 96 is not allowed; allowed: a "
                              "hexadecimal number from 0x00 to 0xff"),
                    HasSubstr("f:11: target.a.monitor.set.vcp: 256 is not allowed"),
                    HasSubstr("f:11: target.a.monitor.set.guest: missing; allowed: a name"),
                    HasSubstr("f:12: target.a.monitor.repeat: 6 is not allowed"),
                    HasSubstr("f:11: target.a.monitor.set.host: 17 is not allowed; allowed: "
                              "a name such as \"hdmi-1\", or a hexadecimal number"),
                    HasSubstr("f:11: target.a.monitor.set.guest: 65536 is not allowed"),
                }));
}

TEST(Reader, LaterFilesReplaceKeysAndAddTargets) {
    Draft draft;
    read_text(draft, "1",
              "[input]\nrt_priority=5\ndevices=[{name='a'},{name='b'}]\n"
              "[[target]]\nname='a'\nuri='spice://h:1'\nmax_delta=5\n");
    read_text(draft, "2",
              "[input]\ndevices=[{name='c'}]\n"
              "[[target]]\nname='b'\nuri='spice://h:2'\n"
              "[[target]]\nname='a'\nconnect='on-activate'\nuri='spice://h:3'\n");
    check_whole(draft);
    ASSERT_THAT(lines(draft.diagnostics), IsEmpty());
    EXPECT_EQ(draft.config.input.rt_priority, 5);
    EXPECT_EQ(draft.config.input.devices.rules.size(), 1U);
    ASSERT_EQ(draft.config.targets.size(), 2U);
    EXPECT_EQ(draft.config.targets[0].name, "a");
    EXPECT_EQ(draft.config.targets[0].uri, "spice://h:3");
    EXPECT_EQ(draft.config.targets[0].forwarding.max_delta, 5);
    EXPECT_EQ(draft.config.targets[0].connect, ConnectMode::OnActivate);
    EXPECT_EQ(draft.config.targets[1].name, "b");
}

TEST(Reader, ReturnsToAutomaticDevicesInALaterFile) {
    Draft draft;
    read_text(draft, "1", "[input]\ndevices=[{name='a'}]\n");
    read_text(draft, "2", "[input]\ndevices='auto'\n");
    EXPECT_EQ(draft.config.input.devices, DeviceSelection{});
}

} // namespace
} // namespace spicykvm::config
