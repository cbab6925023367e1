// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/accounts.h"
#include "support/temp_folder.h"

#include <fstream>
#include <gtest/gtest.h>

namespace spicykvm::diagnosis {
namespace {

TEST(Accounts, AreThoseOfTheFile) {
    const test::TempFolder folder;
    const std::string passwd = folder.path().string() + "/passwd";
    const std::string group = folder.path().string() + "/group";
    std::ofstream(passwd) << "root:x:0:0:root:/root:/bin/sh\n\nspicykvm:x:990:991::/:/bin/false\n";
    std::ofstream(group) << "root:x:0:\nbroken line\ninput:x:104:alice,bob\n";
    EXPECT_EQ(user_name(990, passwd.c_str()), "spicykvm");
    EXPECT_EQ(user_name(5, passwd.c_str()), "5");
    EXPECT_EQ(find_user("spicykvm", passwd.c_str()), uid_t{990});
    EXPECT_EQ(find_user("nobody", passwd.c_str()), std::nullopt);
    EXPECT_EQ(group_name(104, group.c_str()), "input");
    EXPECT_EQ(group_name(5, group.c_str()), "5");
    EXPECT_EQ(find_group("input", group.c_str()), gid_t{104});
    EXPECT_EQ(find_group("i2c", group.c_str()), std::nullopt);
}

TEST(Accounts, WithoutTheFileThereAreNone) {
    EXPECT_EQ(user_name(0, "/nonexistent/passwd"), "0");
    EXPECT_EQ(find_group("root", "/nonexistent/group"), std::nullopt);
}

TEST(Accounts, OfThisMachineHaveRoot) {
    EXPECT_EQ(user_name(0), "root");
    EXPECT_EQ(find_group("root"), gid_t{0});
}

} // namespace
} // namespace spicykvm::diagnosis
