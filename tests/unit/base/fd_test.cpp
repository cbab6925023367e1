// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <utility>

namespace spicykvm {
namespace {

bool is_open(int fd) {
    return ::fcntl(fd, F_GETFD) >= 0;
}

int open_null() {
    return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST(Fd, ClosesWhatItOwns) {
    int raw = -1;
    {
        const Fd fd(open_null());
        raw = fd.get();
        ASSERT_TRUE(is_open(raw));
    }
    EXPECT_FALSE(is_open(raw));
}

TEST(Fd, MovingLeavesTheSourceEmpty) {
    Fd first(open_null());
    const int raw = first.get();
    Fd second(std::move(first));
    EXPECT_FALSE(first.valid()); // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(second.get(), raw);
}

TEST(Fd, AssignmentClosesTheOldOne) {
    Fd fd(open_null());
    const int old = fd.get();
    Fd other(open_null());
    fd = std::move(other);
    EXPECT_FALSE(is_open(old));
    EXPECT_TRUE(is_open(fd.get()));
}

TEST(Fd, ReleaseGivesUpOwnership) {
    Fd fd(open_null());
    const int raw = fd.release();
    fd.reset();
    EXPECT_TRUE(is_open(raw));
    ::close(raw);
}

} // namespace
} // namespace spicykvm
