// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/check.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> system_says(const std::string& keys, Draft& draft) {
    read_text(draft, "f", "[[target]]\nname='a'\nuri='spice+unix:///s'\n" + keys);
    check_system(draft);
    return lines(draft.diagnostics);
}

TEST(CheckSystem, FindsTheUserOfThePeer) {
    Draft draft;
    EXPECT_THAT(system_says("peer_user='root'", draft), IsEmpty());
    EXPECT_EQ(draft.config.targets[0].peer_uid, uid_t{0});
}

TEST(CheckSystem, TakesTheNumberOfAUser) {
    Draft draft;
    EXPECT_THAT(system_says("peer_user='64055'", draft), IsEmpty());
    EXPECT_EQ(draft.config.targets[0].peer_uid, uid_t{64055});
}

TEST(CheckSystem, RefusesAUserThatDoesNotExist) {
    Draft draft;
    EXPECT_THAT(system_says("peer_user='no-such-user'", draft),
                ElementsAre("f:4: target.a.peer_user: \"no-such-user\": no such user; allowed: the "
                            "name or number of a user"));
}

TEST(CheckSystem, LeavesThePeerOpenWhenNobodyIsNamed) {
    Draft draft;
    EXPECT_THAT(system_says("", draft), IsEmpty());
    EXPECT_FALSE(draft.config.targets[0].peer_uid);
}

TEST(CheckSystem, WarnsOfAPasswordThatOthersMayRead) {
    const TempDir dir;
    const std::string path = dir.write("pw", "x");
    const std::string key = "password = { file = '" + path + "' }";
    ::chmod(path.c_str(), 0640);
    Draft open;
    EXPECT_THAT(system_says(key, open),
                ElementsAre("f:4: warning: target.a.password: file \"" + path +
                            "\": others than its owner may read it: chmod 600"));
    ::chmod(path.c_str(), 0600);
    Draft closed;
    EXPECT_THAT(system_says(key, closed), IsEmpty());
}

TEST(CheckSystem, WarnsOfAPasswordFileThatIsMissing) {
    Draft draft;
    EXPECT_THAT(system_says("password = { file = '/nonexistent/pw' }", draft),
                ElementsAre("f:4: warning: target.a.password: file \"/nonexistent/pw\": No such "
                            "file or directory"));
    EXPECT_FALSE(draft.diagnostics.has_errors());
}

} // namespace
} // namespace spicykvm::config
