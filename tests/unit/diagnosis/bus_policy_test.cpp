// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/bus_policy.h"
#include "support/temp_folder.h"

#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace spicykvm::diagnosis {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(BusPolicy, EachRefusalHasItsReasonAndCure) {
    const std::string name = "org.spicykvm.Manager";
    BusPolicyFacts facts{.file = "", .user_exists = false, .is_user = false, .user = "alice"};
    EXPECT_EQ(name_refusal(name, facts),
              "cannot own org.spicykvm.Manager: org.spicykvm.Manager.conf is not in "
              "/usr/share/dbus-1/system.d: install it, then systemctl reload dbus");
    facts.file = "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf";
    EXPECT_EQ(name_refusal(name, facts),
              "cannot own org.spicykvm.Manager: the user spicykvm of "
              "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf does not exist: "
              "systemd-sysusers, then systemctl reload dbus");
    facts.user_exists = true;
    EXPECT_EQ(name_refusal(name, facts),
              "cannot own org.spicykvm.Manager: on the system bus only user spicykvm may, and this "
              "is user alice: systemctl start spicykvmd, or spicykvmd --bus session");
    facts.is_user = true;
    EXPECT_EQ(name_refusal(name, facts),
              "cannot own org.spicykvm.Manager: the bus has not loaded "
              "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf, or the user spicykvm did not "
              "exist when it did: systemctl reload dbus");
}

TEST(BusPolicy, IsLookedForWhereTheBusDoes) {
    const test::TempFolder folder;
    const std::string passwd = folder.path().string() + "/passwd";
    std::ofstream(passwd) << "root:x:0:0::/:\n";
    BusPolicyFacts facts =
        look_at_bus_policy("x.Y", {"/nonexistent", folder.path().string()}, passwd.c_str());
    EXPECT_EQ(facts.file, "");
    EXPECT_FALSE(facts.user_exists);
    std::ofstream(folder.path().string() + "/x.Y.conf") << "<busconfig/>";
    std::ofstream(passwd, std::ios::app) << "spicykvm:x:" << ::geteuid() + 1 << ":1::/:\n";
    facts = look_at_bus_policy("x.Y", {"/nonexistent", folder.path().string()}, passwd.c_str());
    EXPECT_EQ(facts.file, folder.path().string() + "/x.Y.conf");
    EXPECT_TRUE(facts.user_exists);
    EXPECT_FALSE(facts.is_user);
    std::ofstream(passwd) << "spicykvm:x:" << ::geteuid() << ":1::/:\n";
    EXPECT_TRUE(look_at_bus_policy("x.Y", {}, passwd.c_str()).is_user);
}

} // namespace
} // namespace spicykvm::diagnosis
