// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/options.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// argv as the system gives it: writable.
class Argv {
  public:
    explicit Argv(std::vector<std::string> words) : words_(std::move(words)) {
        words_.insert(words_.begin(), "spicykvmd");
        for (std::string& word : words_) {
            pointers_.push_back(word.data());
        }
        pointers_.push_back(nullptr);
    }
    auto parse() { return parse_options(static_cast<int>(words_.size()), pointers_.data()); }
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  private:
    std::vector<std::string> words_;
    std::vector<char*> pointers_;
};

Options options(std::vector<std::string> words) {
    auto result = Argv(std::move(words)).parse();
    if (const Exit* exit = std::get_if<Exit>(&result)) {
        ADD_FAILURE() << exit->err;
        return {};
    }
    return std::get<Options>(result);
}

/// The one line on stderr of a command line that is wrong.
std::string refused(std::vector<std::string> words) {
    const auto result = Argv(std::move(words)).parse();
    const Exit* exit = std::get_if<Exit>(&result);
    if (exit == nullptr) {
        return "accepted";
    }
    EXPECT_EQ(exit->code, kExitUsage);
    EXPECT_EQ(exit->out, "");
    EXPECT_EQ(std::count(exit->err.begin(), exit->err.end(), '\n'), 1);
    EXPECT_TRUE(exit->err.ends_with(" (see spicykvmd --help)\n"));
    return exit->err;
}

TEST(Options, NeedNothing) {
    const Options none = options({});
    EXPECT_FALSE(none.file);
    EXPECT_EQ(none.bus, BusKind::System);
    EXPECT_FALSE(none.check || none.activate || none.oneshot);
    EXPECT_FALSE(none.overlay.target);
    EXPECT_FALSE(none.overlay.devices);
    EXPECT_THAT(none.warnings, IsEmpty());
}

TEST(Options, ReadThoseOfTheService) {
    const Options all = options({"--config", "/tmp/c.toml", "--bus", "session", "--log-level",
                                 "debug", "--check", "--activate", "--oneshot"});
    EXPECT_EQ(all.file, "/tmp/c.toml");
    EXPECT_EQ(all.bus, BusKind::Session);
    EXPECT_EQ(all.overlay.log_level, spdlog::level::debug);
    EXPECT_TRUE(all.check && all.activate && all.oneshot);
}

TEST(Options, MakeATargetNamedDefault) {
    const Options tcp = options({"--spice-host", "vm.lan", "--spice-port", "5901",
                                 "--spice-insecure", "--spice-password-env", "PW"});
    ASSERT_TRUE(tcp.overlay.target);
    EXPECT_EQ(tcp.overlay.target->name, "default");
    EXPECT_EQ(tcp.overlay.target->uri, "spice://vm.lan:5901");
    EXPECT_TRUE(tcp.overlay.target->insecure);
    EXPECT_EQ(tcp.overlay.target->password, PasswordSource::env("PW"));
}

TEST(Options, CompleteHostAndPort) {
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

TEST(Options, RefuseHostsAndPortsThatAreNone) {
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

TEST(Options, OverwriteThePasswordInArgv) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"--spice-port", "1", "--spice-password", "topsecret"},
          std::vector<std::string>{"--spice-port", "1", "--spice-password=topsecret"}}) {
        Argv argv(words);
        const auto result = argv.parse();
        ASSERT_TRUE(std::holds_alternative<Options>(result));
        const Options& parsed = std::get<Options>(result);
        EXPECT_EQ(parsed.overlay.target->password.read().value(), "topsecret");
        for (const std::string& word : argv.words()) {
            EXPECT_EQ(word.find("topsecret"), std::string::npos);
        }
        ASSERT_EQ(parsed.warnings.size(), 1U);
        EXPECT_THAT(to_string(parsed.warnings[0]),
                    HasSubstr("command line: warning: --spice-password: every user could read it"));
    }
}

TEST(Options, OverwriteThePasswordAlsoWhenTheRestIsWrong) {
    Argv argv({"--spice-password", "topsecret", "--nonsense"});
    const auto result = argv.parse();
    ASSERT_TRUE(std::holds_alternative<Exit>(result));
    EXPECT_EQ(std::get<Exit>(result).err.find("topsecret"), std::string::npos);
    EXPECT_EQ(argv.words()[2], "xxxxxxxxx");
}

TEST(Options, TakeOnePasswordForOneTarget) {
    EXPECT_THAT(
        refused({"--spice-port", "1", "--spice-password", "a", "--spice-password-env", "B"}),
        HasSubstr("--spice-password: more than one source"));
    EXPECT_THAT(
        refused({"--spice-password-file", "/pw"}),
        HasSubstr("--spice-password-file: there is no target; allowed: with --spice-host or "
                  "--spice-port"));
    EXPECT_THAT(refused({"--on", "f1"}), HasSubstr("--on: there is no target"));
}

TEST(Options, ActOnReleaseAndOffPress) {
    const Options both = options({"--spice-port", "1", "--on", "scrolllock", "--off", "pause"});
    EXPECT_EQ(to_text(both.overlay.target->hotkey), "release(scrolllock)");
    EXPECT_EQ(to_text(both.overlay.home), "press(pause)");
    EXPECT_EQ(to_text(options({"--off", "pause"}).overlay.home), "press(pause)");
}

TEST(Options, MakeOneKeyForBothAToggle) {
    const Options same = options({"--spice-port", "1", "--on", "pause", "--off", "KEY_PAUSE"});
    EXPECT_EQ(to_text(same.overlay.toggle), "release(pause)");
    EXPECT_THAT(same.overlay.home, IsEmpty());
    EXPECT_THAT(same.overlay.target->hotkey, IsEmpty());
}

TEST(Options, RefuseKeysThatAreNone) {
    EXPECT_THAT(refused({"--off", "nokey"}),
                HasSubstr("--off: \"nokey\": no key or button has this name"));
    EXPECT_THAT(refused({"--spice-port", "1", "--on", "tap(f1)"}), HasSubstr("--on: \"tap(f1)\""));
}

TEST(Options, ChooseDevices) {
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

TEST(Options, WarnOfWhatThisVersionCannotDo) {
    const Options later = options({"--record", "mic", "--record-persistent", "--playback", "out",
                                   "--playback-persistent", "--ddc", "card1-HDMI-A-1", "--ddc-vcp",
                                   "60,0f,11", "--ddc-vcp", "0xF4,0x00D0,0xffff"});
    std::vector<std::string> texts;
    for (const Diagnostic& warning : later.warnings) {
        texts.push_back(to_string(warning));
    }
    const std::string text = ": not supported in this version: ignored";
    EXPECT_THAT(texts, ElementsAre("command line: warning: --record" + text,
                                   "command line: warning: --record-persistent" + text,
                                   "command line: warning: --playback" + text,
                                   "command line: warning: --playback-persistent" + text,
                                   "command line: warning: --ddc" + text));
}

TEST(Options, CheckWhatThisVersionCannotDo) {
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

TEST(Options, RefuseTheUnknownInOneLine) {
    EXPECT_THAT(refused({"--nonsense"}), HasSubstr("spicykvmd: "));
    EXPECT_THAT(refused({"--nonsense"}), HasSubstr("--nonsense"));
    EXPECT_THAT(refused({"file.toml"}), HasSubstr("file.toml"));
    EXPECT_THAT(refused({"--bus", "user"}), HasSubstr("--bus"));
    EXPECT_THAT(refused({"--log-level", "loud"}), HasSubstr("--log-level"));
    EXPECT_THAT(refused({"--config"}), HasSubstr("--config"));
    EXPECT_THAT(refused({"--bus", "evil\nline"}), HasSubstr("--bus"));
}

TEST(Options, HelpAndVersionGoToStdout) {
    for (const char* word : {"--help", "--version", "--help-config"}) {
        const auto result = Argv({word}).parse();
        ASSERT_TRUE(std::holds_alternative<Exit>(result));
        const Exit& exit = std::get<Exit>(result);
        EXPECT_EQ(exit.code, kExitOk);
        EXPECT_NE(exit.out, "");
        EXPECT_EQ(exit.err, "");
    }
    EXPECT_EQ(std::get<Exit>(Argv({"--version"}).parse()).out,
              std::string("spicykvmd ") + SPICYKVM_VERSION + "\n");
}

} // namespace
} // namespace spicykvm::config
