// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "input/evdev_node.h"

#include <cstdio>
#include <cstdlib>
#include <grp.h>
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

/// Opens it as a user without rights, for root may open everything, and says how that went.
[[noreturn]] void open_as_nobody(const std::string& path, gid_t group) {
    (void)!::setgroups(1, &group);
    (void)!::setgid(65534);
    (void)!::setuid(65534);
    const auto node = EvdevNode::open(at(path));
    std::fputs(node ? "opened" : node.error().message.c_str(), stderr);
    std::_Exit(0);
}

TEST(EvdevNodeDeathTest, TellsWhatToDoAboutMissingRights) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root: the node is of another user and group";
    }
    constexpr gid_t kTty = 5; // a group of every distribution
    std::string path = "/tmp/spicykvm-node-XXXXXX";
    const Fd file(::mkstemp(path.data()));
    ASSERT_TRUE(file.valid());
    ASSERT_EQ(::fchmod(file.get(), 0600), 0);
    const auto ok = ::testing::ExitedWithCode(0);
    EXPECT_EXIT(open_as_nobody(path, 65534), ok,
                "Permission denied: it is root:root, mode 0600, so udev has not given it to group "
                "input");
    ASSERT_EQ(::fchown(file.get(), 0, kTty), 0);
    ASSERT_EQ(::fchmod(file.get(), 0660), 0);
    EXPECT_EXIT(open_as_nobody(path, 65534), ok,
                "it is root:tty, mode 0660, and user nobody is not in group tty: "
                "SupplementaryGroups=tty");
    EXPECT_EXIT(open_as_nobody(path, kTty), ok, "Inappropriate ioctl") << "it is in the group now";
    ::unlink(path.c_str());
}

} // namespace
} // namespace spicykvm::input
