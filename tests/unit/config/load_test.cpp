// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/load.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kTarget = "[[target]]\nname='a'\nuri='spice://h:1'\n";

TEST(Load, IsEmptyWithoutAnyFile) {
    const TempDir dir;
    const Loaded loaded = load({}, {}, dir.path("nowhere"));
    EXPECT_TRUE(loaded.ok);
    EXPECT_THAT(loaded.diagnostics, IsEmpty());
    EXPECT_THAT(loaded.config.targets, IsEmpty());
    EXPECT_EQ(loaded.summary(), "0 files, 0 targets, 0 hotkeys");
}

TEST(Load, ReadsTheFileAndItsDropInsInOrder) {
    const TempDir dir;
    (void)dir.write("config.toml", std::string("[input]\nrt_priority=1\nseat='s'\n") + kTarget);
    (void)dir.write("conf.d/20-b.toml", "[input]\nrt_priority=3\n");
    (void)dir.write("conf.d/10-a.toml", "[input]\nrt_priority=2\n");
    (void)dir.write("conf.d/.hidden.toml", "not toml");
    (void)dir.write("conf.d/README", "not toml");
    const Loaded loaded = load({}, {}, dir.path());
    EXPECT_TRUE(loaded.ok) << loaded.errors();
    EXPECT_EQ(loaded.config.input.rt_priority, 3);
    EXPECT_EQ(loaded.config.input.seat, "s");
    EXPECT_EQ(loaded.config.targets.size(), 1U);
    EXPECT_THAT(loaded.files, ElementsAre(dir.path("config.toml"), dir.path("conf.d/10-a.toml"),
                                          dir.path("conf.d/20-b.toml")));
    EXPECT_EQ(loaded.summary(), "3 files, 1 target, 0 hotkeys");
}

TEST(Load, ReadsOnlyTheFileThatIsNamed) {
    const TempDir dir;
    (void)dir.write("config.toml", "[input]\nrt_priority=1\n");
    (void)dir.write("conf.d/a.toml", "[input]\nrt_priority=2\n");
    Options options;
    options.file = dir.write("other.toml", "[input]\nseat='s'\n");
    const Loaded loaded = load(options, {}, dir.path());
    EXPECT_TRUE(loaded.ok);
    EXPECT_EQ(loaded.config.input.rt_priority, InputConfig().rt_priority);
    EXPECT_EQ(loaded.config.input.seat, "s");
}

TEST(Load, MissesTheFileThatIsNamed) {
    Options options;
    options.file = "/nonexistent/config.toml";
    const Loaded loaded = load(options);
    EXPECT_FALSE(loaded.ok);
    EXPECT_EQ(loaded.errors(),
              "/nonexistent/config.toml: can't be read: No such file or directory");
}

TEST(Load, RefusesWhatIsNoRegularFile) {
    const TempDir dir;
    ASSERT_EQ(::mkfifo(dir.path("config.toml").c_str(), 0600), 0);
    const Loaded loaded = load({}, {}, dir.path());
    EXPECT_FALSE(loaded.ok);
    EXPECT_EQ(loaded.errors(), dir.path("config.toml") + ": can't be read: not a regular file");
}

TEST(Load, RefusesAFileThatIsTooLarge) {
    const TempDir dir;
    const std::string path = dir.write("config.toml", std::string(kMaxFileSize + 1, '\n'));
    EXPECT_EQ(load({}, {}, dir.path()).errors(), path + ": too large; allowed: 1 MiB");
}

TEST(Load, NamesTheFileOfEachError) {
    const TempDir dir;
    const std::string main = dir.write("config.toml", "[input]\nfoo=1\n");
    const std::string drop = dir.write("conf.d/a.toml", "\n[spice]\nbar=1\n");
    const Loaded loaded = load({}, {}, dir.path());
    EXPECT_FALSE(loaded.ok);
    EXPECT_THAT(loaded.errors(), HasSubstr(main + ":2: input.foo: "));
    EXPECT_THAT(loaded.errors(), HasSubstr("\n" + drop + ":3: spice.bar: "));
}

TEST(Load, GivesWarningsBesideAConfigurationThatIsRight) {
    const TempDir dir;
    (void)dir.write("config.toml", "[input]\nhost_keys=['mute']\n");
    const Loaded loaded = load({}, {}, dir.path());
    EXPECT_TRUE(loaded.ok);
    EXPECT_EQ(loaded.errors(), "");
    EXPECT_EQ(loaded.diagnostics.size(), 1U);
}

TEST(Load, PutsTheCommandLineOverTheFiles) {
    const TempDir dir;
    (void)dir.write("config.toml", std::string("[daemon]\nlog_level='error'\n"
                                               "default_target='a'\n[hotkeys]\nhome='tap(f1)'\n"
                                               "[input]\ndevices=[{name='x'}]\n") +
                                       kTarget);
    Options options;
    options.overlay.target.emplace();
    options.overlay.target->name = "default";
    options.overlay.target->uri = "spice://127.0.0.1:5900";
    options.overlay.log_level = spdlog::level::trace;
    options.overlay.devices = DeviceSelection{};
    const Loaded loaded = load(options, {}, dir.path());
    ASSERT_TRUE(loaded.ok) << loaded.errors();
    EXPECT_EQ(loaded.config.targets.size(), 2U);
    EXPECT_EQ(loaded.config.targets[1].name, "default");
    EXPECT_EQ(loaded.config.daemon.default_target, "default");
    EXPECT_EQ(loaded.config.daemon.log_level, spdlog::level::trace);
    EXPECT_TRUE(loaded.config.input.devices.automatic);
    EXPECT_EQ(to_text(loaded.config.hotkeys.home), "tap(f1)");
}

TEST(Load, ReplacesATargetNamedDefault) {
    const TempDir dir;
    (void)dir.write("config.toml", "[[target]]\nname='default'\nuri='spice://h:1'\nmax_delta=9\n");
    Options options;
    options.overlay.target.emplace();
    options.overlay.target->name = "default";
    options.overlay.target->uri = "spice://h:2";
    const Loaded loaded = load(options, {}, dir.path());
    ASSERT_EQ(loaded.config.targets.size(), 1U);
    EXPECT_EQ(loaded.config.targets[0].uri, "spice://h:2");
    EXPECT_EQ(loaded.config.targets[0].forwarding.max_delta, 0);
}

TEST(Load, BlamesTheCommandLineForWhatItSays) {
    const TempDir dir;
    const std::string file = dir.write("config.toml", "[hotkeys]\ntoggle='press(f1)'\n");
    const char* words[] = {"spicykvmd", "--spice-port", "5900", "--off", "f1"};
    std::vector<std::string> copy(std::begin(words), std::end(words));
    std::vector<char*> argv;
    for (std::string& word : copy) {
        argv.push_back(word.data());
    }
    const auto options = parse_options(static_cast<int>(argv.size()), argv.data());
    ASSERT_TRUE(std::holds_alternative<Options>(options));
    EXPECT_THAT(load(std::get<Options>(options), {}, dir.path()).errors(),
                HasSubstr("command line: hotkeys.home: \"press(f1)\" can't be told from "
                          "\"press(f1)\" of hotkeys.toggle (" +
                          file + ":2)"));
}

TEST(Load, TellsTheTargetCheckOfEveryTarget) {
    const TempDir dir;
    (void)dir.write("config.toml", kTarget);
    const auto refuse = [](const TargetConfig& target) {
        return std::vector<TargetFault>{{"uri", target.name + " is refused"}};
    };
    EXPECT_THAT(load({}, refuse, dir.path()).errors(),
                HasSubstr("config.toml:3: target.a.uri: a is refused"));
}

} // namespace
} // namespace spicykvm::config
