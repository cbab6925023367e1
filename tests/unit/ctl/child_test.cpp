// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/child.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

TEST(Child, GivesItsExitCode) {
    EXPECT_EQ(run_program({"/bin/sh", "-c", "exit 0"}).value(), 0);
    EXPECT_EQ(run_program({"/bin/sh", "-c", "exit 5"}).value(), 5);
    EXPECT_EQ(run_program({"sh", "-c", "exit 7"}).value(), 7);
}

TEST(Child, IsNotFound) {
    const auto code = run_program({"/nonexistent/program"});
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().code, ErrorCode::NotFound);
    EXPECT_EQ(code.error().message, "run /nonexistent/program: No such file or directory");
}

TEST(Child, IsNotAProgram) {
    const auto code = run_program({"/etc/passwd"});
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().code, ErrorCode::AccessDenied);
}

TEST(Child, EndsByASignal) {
    const auto code = run_program({"/bin/sh", "-c", "kill -9 $$"});
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().message, "/bin/sh was ended by signal 9");
}

TEST(Child, IsLookedForBesideTheProgramFirst) {
    EXPECT_THAT(
        daemon_candidates("/usr/bin"),
        testing::ElementsAre("/usr/bin/spicykvmd", "/usr/bin/../daemon/spicykvmd", "spicykvmd"));
    EXPECT_THAT(daemon_candidates(""), testing::ElementsAre("spicykvmd"));
}

} // namespace
} // namespace spicykvm::ctl
