// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/hook_runner.h"
#include "support/run_until.h"
#include "support/temp_folder.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>
#include <unistd.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class HookRunnerTest : public testing::Test {
  protected:
    static HookCommand shell(const std::string& script) { return {{"/bin/sh", "-c", script}, 30s}; }
    Result<void> run(const HookCommand& command) {
        std::optional<Result<void>> result;
        hooks.run(command, "win", "left", [&](Result<void> given) { result = std::move(given); });
        EXPECT_FALSE(result); // not from inside
        EXPECT_TRUE(test::run_until(
            loop, [&] { return result.has_value(); }, 30s));
        return result.value_or(fail(ErrorCode::Failed, "no answer"));
    }
    bool until_none_runs() {
        return test::run_until(
            loop, [&] { return hooks.running() == 0; }, 30s);
    }
    /// What the script has left in the file "out".
    [[nodiscard]] std::string output() const {
        std::ostringstream text;
        text << std::ifstream(out).rdbuf();
        return text.str();
    }

    test::TempFolder folder;
    std::string out = (folder.path() / "out").string();
    EventLoop loop;
    HookRunner hooks{loop};
};

TEST_F(HookRunnerTest, TellsHowItEnded) {
    EXPECT_TRUE(run(shell("exit 0")));
    EXPECT_EQ(run(shell("exit 3")).error(),
              (Error{ErrorCode::Failed, "/bin/sh: it ended with status 3"}));
    EXPECT_EQ(run(shell("kill -TERM $$")).error().message, "/bin/sh: signal 15 ended it");
    EXPECT_EQ(hooks.running(), 0u);
}

TEST_F(HookRunnerTest, PassesWordsAsTheyAreAndLittleElse) {
    ASSERT_EQ(::setenv("SPICYKVM_SECRET", "password", 1), 0); // NOLINT: no other thread
    EXPECT_TRUE(run(
        {{"/bin/sh", "-c", "echo \"$0|$1\" >" + out + "; env >>" + out, "a b", "$HOME;x"}, 30s}));
    EXPECT_THAT(output(), testing::StartsWith("a b|$HOME;x\n"));
    EXPECT_THAT(output(), HasSubstr("SPICYKVM_TARGET=win\n"));
    EXPECT_THAT(output(), HasSubstr("SPICYKVM_MONITOR=left\n"));
    EXPECT_THAT(output(), testing::Not(HasSubstr("SECRET")));
}

TEST_F(HookRunnerTest, HasNothingToReadAndNoDescriptorOfOurs) {
    const Fd leak(::open("/dev/null", O_RDONLY)); // not close-on-exec, as by a library's mistake
    const Fd high(::fcntl(leak.get(), F_DUPFD, 100));
    ASSERT_TRUE(high.valid());
    // In subshells, so that the redirections are theirs.
    EXPECT_TRUE(run(shell("(exec readlink /proc/$$/fd/0 /proc/$$/fd/1 >" + out +
                          "); (exec ls /proc/$$/fd >>" + out + ")")));
    EXPECT_EQ(output(), "/dev/null\n/dev/null\n0\n1\n2\n");
}

TEST_F(HookRunnerTest, KillsOneThatTakesTooLongWithItsChildren) {
    HookCommand slow = shell("sleep 1000 & echo $! >" + out + "; wait");
    slow.timeout = 300ms;
    EXPECT_EQ(run(slow).error(),
              (Error{ErrorCode::Timeout, "/bin/sh: it did not end in time, and was killed"}));
    EXPECT_TRUE(until_none_runs());
}

TEST_F(HookRunnerTest, SaysWhyItCanNotBeStarted) {
    EXPECT_THAT(run({{"/nonexistent/hook"}, 1s}).error().message,
                HasSubstr("start /nonexistent/hook: No such file"));
    EXPECT_EQ(hooks.running(), 0u);
}

TEST_F(HookRunnerTest, StopForgetsAndKills) {
    const auto never = [](const Result<void>&) { FAIL(); };
    hooks.run(shell("sleep 1000"), "win", "left", never);
    hooks.run({{"/nonexistent/hook"}, 1s}, "win", "right", never);
    hooks.stop();
    EXPECT_TRUE(until_none_runs());
    EXPECT_TRUE(run(shell("exit 0")));
}

TEST_F(HookRunnerTest, RunsNoMoreThanItsLimit) {
    unsigned busy = 0;
    for (std::size_t i = 0; i <= HookRunner::kMaxRunning; ++i) {
        hooks.run(shell("sleep 1000"), "win", "left", [&](const Result<void>& result) {
            busy += result.error().code == ErrorCode::Busy ? 1 : 0;
        });
    }
    EXPECT_TRUE(test::run_until(
        loop, [&] { return busy == 1; }, 30s));
    hooks.stop();
    EXPECT_TRUE(until_none_runs());
}

TEST_F(HookRunnerTest, MayGoWhileOneRuns) {
    {
        HookRunner gone(loop);
        gone.run(shell("sleep 1000"), "win", "left", [](const Result<void>&) { FAIL(); });
    }
    EXPECT_TRUE(run(shell("exit 0")));
}

} // namespace
} // namespace spicykvm::ddc
