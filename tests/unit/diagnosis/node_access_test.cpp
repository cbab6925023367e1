// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/accounts.h"
#include "diagnosis/node_access.h"
#include "support/temp_folder.h"

#include <cerrno>
#include <gmock/gmock.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::diagnosis {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

NodeFacts node(NodeKind kind, const char* group, mode_t mode, bool is_member) {
    return {.kind = kind,
            .is_there = true,
            .is_known = true,
            .adapter_is_known = true,
            .mode = mode,
            .owner = "root",
            .group = group,
            .is_member = is_member,
            .user = "spicykvm"};
}

NodeFacts absent(NodeKind kind, bool is_known, bool adapter_is_known) {
    return {.kind = kind,
            .is_known = is_known,
            .adapter_is_known = adapter_is_known,
            .user = "spicykvm"};
}

struct Case {
    const char* name;
    int error;
    NodeFacts facts;
    const char* says;
    const char* cure;
};

class Nodes : public testing::TestWithParam<Case> {};

TEST_P(Nodes, SayWhatIsWrongAndWhatToDoInOneLine) {
    const std::string line = open_failure("/dev/x", GetParam().error, GetParam().facts);
    EXPECT_THAT(line, StartsWith("open /dev/x: "));
    EXPECT_THAT(line, HasSubstr(GetParam().says));
    EXPECT_THAT(line, HasSubstr(GetParam().cure));
    EXPECT_THAT(line, Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    Errors, Nodes,
    testing::Values(Case{"NotInGroup", EACCES, node(NodeKind::Input, "input", 0660, false),
                         "root:input, mode 0660, and user spicykvm is not in group input",
                         "SupplementaryGroups=input"},
                    Case{"NotInGroupI2c", EACCES, node(NodeKind::I2c, "i2c", 0660, false),
                         "user spicykvm is not in group i2c", "usermod -aG i2c spicykvm"},
                    Case{"NoRule", EACCES, node(NodeKind::Input, "root", 0600, false),
                         "root:root, mode 0600, so udev has not given it to group input",
                         "udevadm trigger --subsystem-match=input"},
                    Case{"NoRuleButGroupRoot", EACCES, node(NodeKind::I2c, "root", 0660, false),
                         "udev has not given it to group i2c",
                         "udevadm trigger --subsystem-match=i2c-dev"},
                    Case{"OnlyReadable", EACCES, node(NodeKind::Input, "input", 0640, true),
                         "mode 0640", "udev"},
                    Case{"AllowedAndYetRefused", EACCES, node(NodeKind::Input, "input", 0660, true),
                         "although its group and mode allow it", "SELinux"},
                    Case{"ClosedFolder", EACCES, absent(NodeKind::Input, false, false),
                         "a folder above it", "spicykvm"},
                    Case{"DevicePolicy", EPERM, node(NodeKind::Input, "input", 0660, true),
                         "DevicePolicy=", "DeviceAllow=char-input rw"},
                    Case{"DevicePolicyI2c", EPERM, node(NodeKind::I2c, "i2c", 0660, true),
                         "DeviceAllow=char-i2c rw", "systemctl restart spicykvmd"},
                    Case{"PrivateDevices", ENOENT, absent(NodeKind::Input, true, false),
                         "the kernel has the device", "PrivateDevices="},
                    Case{"PrivateDevicesI2c", ENOENT, absent(NodeKind::I2c, true, true),
                         "the kernel has the device", "PrivateDevices="},
                    Case{"NoModule", ENOENT, absent(NodeKind::I2c, false, true),
                         "i2c-dev is not loaded", "modprobe i2c-dev"},
                    Case{"NoBus", ENOENT, absent(NodeKind::I2c, false, false), "no such bus",
                         "spicykvmctl displays"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(NodeAccess, AddsNothingToWhatNeedsNoExplanation) {
    EXPECT_EQ(open_failure("/dev/x", ENOENT, absent(NodeKind::Input, false, false)),
              "open /dev/x: No such file or directory");
    EXPECT_EQ(open_failure("/dev/x", EIO, node(NodeKind::I2c, "i2c", 0660, true)),
              "open /dev/x: Input/output error");
}

TEST(NodeAccess, LooksAtTheNodeAndAtItself) {
    const test::TempFolder folder;
    const std::string path = folder.path().string() + "/event3";
    ASSERT_EQ(::mknod(path.c_str(), S_IFREG | 0640, 0), 0);
    ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
    const NodeFacts facts = look_at_node(NodeKind::Input, path);
    EXPECT_TRUE(facts.is_there);
    EXPECT_EQ(facts.mode, 0640U);
    EXPECT_EQ(facts.owner, user_name(::geteuid()));
    EXPECT_EQ(facts.user, user_name(::geteuid()));
    EXPECT_EQ(facts.group, group_name(::getegid()));
    EXPECT_TRUE(facts.is_member);
    EXPECT_FALSE(look_at_node(NodeKind::Input, folder.path().string() + "/event4").is_there);
}

} // namespace
} // namespace spicykvm::diagnosis
