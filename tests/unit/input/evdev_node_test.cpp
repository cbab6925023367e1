// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "input/evdev_node.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

// What is no event node. Real nodes are tested where there are some: tests/integration, tests/vm.
namespace spicykvm::input {
namespace {

NodeIdentity at(const std::string& path) {
    NodeIdentity identity;
    identity.path = path;
    return identity;
}

TEST(EvdevNode, SaysThatThereIsNone) {
    const auto node = EvdevNode::open(at("/nonexistent/event1"));
    ASSERT_FALSE(node);
    EXPECT_EQ(node.error().code, ErrorCode::NotFound);
    EXPECT_EQ(node.error().message, "open /nonexistent/event1: No such file or directory");
}

TEST(EvdevNode, RefusesWhatIsNoEventNode) {
    const auto node = EvdevNode::open(at("/dev/null"));
    ASSERT_FALSE(node);
    EXPECT_EQ(node.error().message, "ask /dev/null what it is: Inappropriate ioctl for device");
}

TEST(EvdevNode, RefusesADirectory) {
    const auto node = EvdevNode::open(at("/dev"));
    ASSERT_FALSE(node);
    EXPECT_EQ(node.error().message, "open /dev: Is a directory");
}

TEST(EvdevNodeDeathTest, TellsWhatToDoAboutMissingRights) {
    std::string path = "/tmp/spicykvm-node-XXXXXX";
    const Fd file(::mkstemp(path.data()));
    ASSERT_TRUE(file.valid());
    ASSERT_EQ(::fchmod(file.get(), 0), 0);
    const auto open_as_nobody = [&path] {
        (void)!::setuid(65534); // root may open everything
        const auto node = EvdevNode::open(at(path));
        std::fputs(node ? "opened" : node.error().message.c_str(), stderr);
        std::_Exit(0);
    };
    EXPECT_EXIT(open_as_nobody(), ::testing::ExitedWithCode(0),
                "Permission denied \\(is the daemon's user in group input\\?\\)");
    ::unlink(path.c_str());
}

} // namespace
} // namespace spicykvm::input
