// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/socket_watch.h"
#include "support/run_until.h"
#include "support/socket_folder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <sys/stat.h>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;

class SocketWatchTest : public testing::Test {
  protected:
    void create(const std::string& path) { std::ofstream file(path); }
    bool appeared() {
        return test::run_until(loop_, [&] { return appeared_ > 0; });
    }

    EventLoop loop_;
    test::SocketFolder folder_;
    int appeared_ = 0;
    std::unique_ptr<SocketWatch> watch_ =
        std::make_unique<SocketWatch>(loop_, folder_.socket(), [this] { ++appeared_; });
};

TEST_F(SocketWatchTest, TellsWhenItIsCreated) {
    create(folder_.socket());
    EXPECT_TRUE(appeared());
}

TEST_F(SocketWatchTest, TellsWhenItIsMovedThere) {
    create(folder_.socket() + ".new");
    std::filesystem::rename(folder_.socket() + ".new", folder_.socket());
    EXPECT_TRUE(appeared());
}

TEST_F(SocketWatchTest, TellsWhenItBecomesAccessible) {
    create(folder_.socket());
    ASSERT_TRUE(appeared());
    appeared_ = 0;
    ASSERT_EQ(::chmod(folder_.socket().c_str(), 0600), 0);
    EXPECT_TRUE(appeared());
}

TEST_F(SocketWatchTest, TellsNothingOfOthers) {
    for (int i = 0; i < 100; ++i) {
        create(folder_.socket() + std::to_string(i));
    }
    EXPECT_FALSE(test::run_until(
        loop_, [&] { return appeared_ > 0; }, 50ms));
}

TEST_F(SocketWatchTest, MayBeDestroyedWhenItTells) {
    watch_ = std::make_unique<SocketWatch>(loop_, folder_.socket(), [this] {
        ++appeared_;
        watch_.reset();
    });
    create(folder_.socket());
    EXPECT_TRUE(appeared());
}

TEST_F(SocketWatchTest, OfAFolderThatDoesNotExistTellsNothing) {
    SocketWatch watch(loop_, "/nonexistent/folder/vm.sock", [this] { ++appeared_; });
    EXPECT_FALSE(test::run_until(
        loop_, [&] { return appeared_ > 0; }, 20ms));
}

} // namespace
} // namespace spicykvm::spice
