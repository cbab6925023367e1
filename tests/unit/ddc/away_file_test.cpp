// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/away_file.h"
#include "support/temp_folder.h"

#include <fstream>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using testing::HasSubstr;

class AwayFileTest : public testing::Test {
  protected:
    test::TempFolder folder;
    std::string path = folder.path() / "monitors";
    AwayFile file{path};
};

TEST_F(AwayFileTest, KeepsTheList) {
    const AwayList list = {{"win11", "left"}, {"win11", "right"}};
    ASSERT_TRUE(file.save(list));
    EXPECT_EQ(AwayFile(path).load(), list);
    ASSERT_TRUE(file.save({{"other", "left"}}));
    EXPECT_EQ(file.load(), (AwayList{{"other", "left"}}));
}

TEST_F(AwayFileTest, IsThereOnlyWhileSomethingIsAway) {
    EXPECT_EQ(file.load(), AwayList{});
    ASSERT_TRUE(file.save({}));
    ASSERT_TRUE(file.save({{"a", "b"}}));
    EXPECT_TRUE(std::filesystem::exists(path));
    ASSERT_TRUE(file.save({}));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(AwayFileTest, IsForTheDaemonAlone) {
    ASSERT_TRUE(file.save({{"a", "b"}}));
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(path).permissions() & (perms::group_all | perms::others_all),
              perms::none);
}

TEST_F(AwayFileTest, SaysWhatIsWrong) {
    std::ofstream(path) << "nonsense";
    EXPECT_THAT(file.load().error().message, HasSubstr(path));
    const AwayFile nowhere(folder.path() / "no/monitors");
    EXPECT_THAT(nowhere.save({{"a", "b"}}).error().message, HasSubstr("No such file"));
    EXPECT_EQ(nowhere.load(), AwayList{});
}

TEST_F(AwayFileTest, AHugeFileIsRefused) {
    std::ofstream(path) << "spicykvm-monitors 1\n" << std::string(3 * kMaxAwayFile, 'x');
    EXPECT_EQ(file.load().error().code, ErrorCode::Protocol);
}

} // namespace
} // namespace spicykvm::ddc
