// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/command.h"
#include "ctl/display_verbs.h"
#include "ctl/exit_code.h"
#include "unit/ctl/fake_daemon.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DisplayVerbs : public testing::Test {
  protected:
    int run(const std::vector<std::string>& words) {
        const auto parsed = parse_command(words, std::nullopt);
        if (!std::holds_alternative<Command>(parsed)) {
            ADD_FAILURE() << std::get<Exit>(parsed).err;
            return -1;
        }
        const auto& command = std::get<Command>(parsed);
        return command.verb->run(command.arguments, fake_.environment);
    }
    [[nodiscard]] std::string out() const { return fake_.out.str(); }
    [[nodiscard]] std::string err() const { return fake_.err.str(); }
    [[nodiscard]] const std::vector<std::string>& calls() const { return fake_.script.calls; }

    FakeEnvironment fake_;
};

TEST_F(DisplayVerbs, ShowDisplays) {
    fake_.script.displays = sample_displays();
    EXPECT_EQ(run({"displays"}), kOk);
    EXPECT_THAT(out(), HasSubstr("card1-DP-1  DEL"));
    EXPECT_EQ(run({"displays", "--json"}), kOk);
    EXPECT_THAT(out(), HasSubstr("[{\"connector\":\"card1-DP-1\""));
}

TEST_F(DisplayVerbs, TestTheWaysHomeOfATargetOrADisplay) {
    fake_.script.displays = sample_configured_displays();
    fake_.script.trials = std::vector<ReturnTrial>{{"ddc", "fails", "no\ranswer"},
                                                   {"cable", "works", "it says x again"}};
    EXPECT_EQ(run({"ddc", "test-return", "card1-DP-1", "--seconds", "5"}), kOk);
    EXPECT_EQ(out(), "win11 left: shows hdmi-1, 0xe7=0xff00 for 5 s at a time\n"
                     "win11 left: ddc: fails: no answer\n"
                     "win11 left: cable (card1-DP-3): works: it says x again\n"
                     "linux monitor1: shows hdmi-2 for 5 s at a time\n"
                     "linux monitor1: ddc: fails: no answer\n"
                     "linux monitor1: cable: works: it says x again\n");
    EXPECT_THAT(calls(), ElementsAre("displays", "test win11 left 5", "test linux monitor1 5"));
    for (const auto& [word, tests] : {std::pair("win11", 2), std::pair("DP-1", 2),
                                      std::pair("card1", 2), std::pair("i2c-6", 1)}) {
        fake_.script.calls.clear();
        EXPECT_EQ(run({"ddc", "test-return", word}), kOk);
        EXPECT_THAT(calls(), testing::SizeIs(1 + tests)) << word;
    }
    fake_.script.calls.clear();
    EXPECT_EQ(run({"ddc", "test-return"}), kOk);
    EXPECT_THAT(calls(), testing::SizeIs(5));
    EXPECT_THAT(calls().back(), "test win11 right 3");
}

TEST_F(DisplayVerbs, SayWhenNoWayHomeWorks) {
    fake_.script.displays = sample_configured_displays();
    fake_.script.trials = std::vector<ReturnTrial>{{"ddc", "unknown", "look"}};
    EXPECT_EQ(run({"ddc", "test-return", "i2c-6"}), kGuest);
    EXPECT_EQ(err(), "spicykvmctl: linux monitor2: no way home is known to work; if it still shows "
                     "0x1b, switch it by hand to hdmi-1\n");
    fake_.script.trials =
        tl::unexpected(CallError{"org.spicykvm.Error.Busy", "a target is active"});
    EXPECT_EQ(run({"ddc", "test-return", "i2c-6"}), kFailed);
    EXPECT_THAT(err(), HasSubstr("ddc test-return linux monitor2: a target is active"));
}

TEST_F(DisplayVerbs, RefuseATestOfWhatIsNotConfigured) {
    fake_.script.displays = sample_configured_displays();
    EXPECT_EQ(run({"ddc", "test-return", "win11", "DP-9"}), kBadTarget);
    EXPECT_THAT(err(), HasSubstr("\"DP-9\" is no target with monitors, and no display"));
    fake_.script.displays = sample_displays();
    EXPECT_EQ(run({"ddc", "test-return"}), kBadTarget);
    EXPECT_THAT(err(), HasSubstr("no target has a monitor in the configuration"));
    for (const char* seconds : {"0", "11", "x", "3s", "-1"}) {
        EXPECT_EQ(run({"ddc", "test-return", "--seconds=" + std::string(seconds)}), kUsage);
    }
    EXPECT_THAT(calls(), ElementsAre("displays", "displays"));
}

TEST_F(DisplayVerbs, GetTheInputOrAnotherFeature) {
    EXPECT_EQ(run({"ddc", "get", "DP-1"}), kOk);
    EXPECT_EQ(out(), "0x0f  displayport-1\n");
    fake_.script.feature = Feature{true, 0x32, 0x64, ""};
    EXPECT_EQ(run({"ddc", "get", "DP-1", "0x10"}), kOk);
    EXPECT_EQ(run({"ddc", "get", "DP-1", "0XF4"}), kOk);
    EXPECT_THAT(calls(), ElementsAre("get DP-1 96", "get DP-1 16", "get DP-1 244"));
}

TEST_F(DisplayVerbs, SayThatAMonitorHasNoSuchFeature) {
    fake_.script.feature = Feature{};
    EXPECT_EQ(run({"ddc", "get", "DP-1", "0x10"}), kGuest);
    EXPECT_EQ(out(), "");
    EXPECT_EQ(err(), "spicykvmctl: ddc get DP-1: the monitor answers, but has no feature 0x10\n");
}

TEST_F(DisplayVerbs, SetAFeatureInSilence) {
    EXPECT_EQ(run({"ddc", "set", "DP-1", "0x60", "hdmi-1"}), kOk);
    EXPECT_EQ(run({"ddc", "set", "i2c-5", "0xd6", "0x1"}), kOk);
    EXPECT_THAT(calls(), ElementsAre("set DP-1 96 hdmi-1", "set i2c-5 214 0x1"));
    EXPECT_EQ(out() + err(), "");
    fake_.script.set = std::string("without the lock");
    EXPECT_EQ(run({"ddc", "set", "DP-1", "0x60", "hdmi-1"}), kOk);
    EXPECT_EQ(out(), "Note  without the lock\n");
}

TEST_F(DisplayVerbs, RefuseNumbersThatCouldBeMeantTwoWays) {
    for (const char* code : {"60", "0x", "0x100", "0x6g", "input", "", "-1"}) {
        EXPECT_EQ(run({"ddc", "get", "DP-1", "--", code}), kUsage) << code;
        EXPECT_EQ(run({"ddc", "set", "DP-1", "--", code, "0x11"}), kUsage) << code;
    }
    EXPECT_THAT(err(), HasSubstr("spicykvmctl: \"60\" is no VCP code; allowed: 0x0 to 0xff\n"));
    EXPECT_EQ(run({"ddc", "set", "DP-1", "0x60", "17"}), kUsage);
    EXPECT_THAT(err(), HasSubstr("\"17\" could be decimal or hexadecimal; allowed: 0x0 to 0xffff, "
                                 "or the name of an input such as hdmi-1\n"));
    EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(DisplayVerbs, ShowCapabilities) {
    fake_.script.capabilities = sample_capabilities();
    EXPECT_EQ(run({"ddc", "capabilities", "DP-1"}), kOk);
    EXPECT_THAT(calls(), ElementsAre("capabilities DP-1"));
    EXPECT_THAT(out(), HasSubstr("Model     U2720Q\n"));
}

TEST_F(DisplayVerbs, ProbeAMonitor) {
    fake_.script.capabilities = sample_capabilities();
    EXPECT_EQ(run({"ddc", "probe", "DP-1"}), kOk);
    EXPECT_THAT(calls(), ElementsAre("get DP-1 96", "capabilities DP-1"));
    EXPECT_THAT(out(), HasSubstr("DDC/CI    answers\nInput     displayport-1 (0x0f)\nDeclared  "));
}

TEST_F(DisplayVerbs, ProbeAMonitorWithoutCapabilities) {
    fake_.script.capabilities = tl::unexpected(CallError{"e", "cut off"});
    EXPECT_EQ(run({"ddc", "probe", "DP-1"}), kOk);
    EXPECT_THAT(out(), HasSubstr("Declared  not known: cut off\n"));
}

TEST_F(DisplayVerbs, ProbeAMonitorThatAnswersNonsenseForItsInputByAnotherFeature) {
    fake_.script.no_input = CallError{"org.spicykvm.Error.Protocol", "got the null message"};
    EXPECT_EQ(run({"ddc", "probe", "DP-1"}), kOk);
    EXPECT_THAT(calls(), ElementsAre("get DP-1 96", "get DP-1 16", "capabilities DP-1"));
    EXPECT_THAT(out(), HasSubstr("DDC/CI    answers\nInput     not told"));
}

TEST_F(DisplayVerbs, ProbeAMonitorThatDoesNotAnswer) {
    fake_.script.no_input = CallError{"org.spicykvm.Error.Unreachable", "does not answer"};
    EXPECT_EQ(run({"ddc", "probe", "DP-1"}), kGuest);
    EXPECT_THAT(calls(), ElementsAre("get DP-1 96"));
    fake_.script.no_input = CallError{"org.spicykvm.Error.Protocol", "got the null message"};
    fake_.script.feature = tl::unexpected(*fake_.script.no_input);
    EXPECT_EQ(run({"ddc", "probe", "DP-1"}), kGuest);
    EXPECT_EQ(out(), "");
    EXPECT_EQ(err(), "spicykvmctl: ddc probe DP-1: does not answer\n"
                     "spicykvmctl: ddc probe DP-1: got the null message\n");
}

TEST_F(DisplayVerbs, FailAllTheSame) {
    const auto error = tl::unexpected(CallError{"org.freedesktop.DBus.Error.AccessDenied", "no"});
    fake_.script.displays = error;
    fake_.script.feature = error;
    fake_.script.set = error;
    fake_.script.capabilities = error;
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"displays"},
                                               {"ddc", "get", "DP-1"},
                                               {"ddc", "set", "DP-1", "0x60", "hdmi-1"},
                                               {"ddc", "capabilities", "DP-1"},
                                               {"ddc", "probe", "DP-1"}}) {
        EXPECT_EQ(run(words), kNotAuthorised) << words.back();
    }
    EXPECT_EQ(out(), "");
    EXPECT_THAT(err(), HasSubstr("spicykvmctl: ddc set DP-1: no; try it with sudo"));
}

} // namespace
} // namespace spicykvm::ctl
