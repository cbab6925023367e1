// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/options.h"
#include "unit/config/argv.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
