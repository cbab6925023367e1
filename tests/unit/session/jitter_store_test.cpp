// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/jitter_store.h"
#include "support/temp_folder.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;

constexpr audio::Nanoseconds kPrior = 13ms;

TEST(JitterFile, IsReadAsItWasWritten) {
    const JitterTable table{{"win11", 13ms}, {"a name", 1500us}, {"näme", 0ns}, {"far", 100ms}};
    EXPECT_EQ(decode_jitter(encode_jitter(table)), table);
}

TEST(JitterFile, OtherFilesAreNone) {
    EXPECT_FALSE(decode_jitter(""));
    EXPECT_FALSE(decode_jitter("spicykvm-jitter 2\n1000\twin11\n"));
    EXPECT_FALSE(decode_jitter("spicykvm-jitter 1"));
    EXPECT_FALSE(decode_jitter("spicykvm-jitter 1\n" + std::string(kMaxJitterFile, 'x')));
}

TEST(JitterFile, BadLinesArePassedOver) {
    const auto table = decode_jitter("spicykvm-jitter 1\n"
                                     "-1\ta\n100001\tb\n99999999999999999999\tc\nx\td\n\te\n"
                                     "1000\n1000\t\n1000 f\n\n1000\tg\x01\n"
                                     "2000\tgood\n3000\tlast");
    EXPECT_EQ(table, (JitterTable{{"good", 2ms}, {"last", 3ms}}));
}

TEST(JitterFile, HoldsSoManyTargetsAndNoMore) {
    std::string text = "spicykvm-jitter 1\n";
    for (std::size_t i = 0; i <= kMaxJitters; ++i) {
        text += "1000\tvm" + std::to_string(i) + "\n";
    }
    EXPECT_EQ(decode_jitter(text)->size(), kMaxJitters);
}

TEST(JitterFile, NamesThatWouldBreakItAreLeftOut) {
    EXPECT_EQ(encode_jitter({{"a\nb", 1ms}, {"", 1ms}}), "spicykvm-jitter 1\n");
}

class JitterStoreTest : public testing::Test {
  protected:
    test::TempFolder folder;
    const std::string path = folder.path() / "new" / "jitter";
};

TEST_F(JitterStoreTest, AnUnknownVmBeginsWithThePrior) {
    EXPECT_EQ(JitterStore(path).of("win11"), kPrior);
    EXPECT_EQ(JitterStore("").of("win11"), kPrior);
}

TEST_F(JitterStoreTest, KeepsWhatWasLearned) {
    JitterStore store(path);
    store.learn("win11", 5ms);
    EXPECT_EQ(store.of("win11"), 5ms);
    ASSERT_TRUE(store.save());
    EXPECT_EQ(JitterStore(path).of("win11"), 5ms);
    EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(JitterStoreTest, WritesOnlyNews) {
    JitterStore store(path);
    ASSERT_TRUE(store.save());
    EXPECT_FALSE(std::filesystem::exists(path));
    store.learn("win11", 5ms);
    ASSERT_TRUE(store.save());
    std::filesystem::remove(path);
    store.learn("win11", 5ms + 900us);
    ASSERT_TRUE(store.save());
    EXPECT_FALSE(std::filesystem::exists(path));
    store.learn("win11", 6ms);
    ASSERT_TRUE(store.save());
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(JitterStoreTest, SaysWhatItCouldNotWrite) {
    std::ofstream(folder.path() / "file") << "in the way";
    const std::string bad = folder.path() / "file" / "jitter";
    JitterStore store(bad);
    store.learn("win11", 5ms);
    const auto saved = store.save();
    ASSERT_FALSE(saved);
    EXPECT_TRUE(saved.error().message.starts_with("write " + bad)) << saved.error().message;
}

TEST_F(JitterStoreTest, WithoutAPlaceNothingIsKept) {
    JitterStore store("");
    store.learn("win11", 5ms);
    EXPECT_TRUE(store.save());
}

/// The variables as they were, afterwards.
class StateFile : public testing::Test {
  protected:
    StateFile() {
        for (const char* key : {"STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"}) {
            const char* value = std::getenv(key);
            before_.emplace_back(key, value == nullptr ? std::nullopt
                                                       : std::optional<std::string>(value));
            ::unsetenv(key);
        }
    }
    ~StateFile() override {
        for (const auto& [key, value] : before_) {
            if (value) {
                ::setenv(key, value->c_str(), 1);
            } else {
                ::unsetenv(key);
            }
        }
    }

  private:
    std::vector<std::pair<const char*, std::optional<std::string>>> before_;
};

TEST_F(StateFile, IsWhereTheSystemWantsIt) {
    EXPECT_EQ(state_file("jitter"), "");
    ::setenv("HOME", "/home/me", 1);
    EXPECT_EQ(state_file("jitter"), "/home/me/.local/state/spicykvm/jitter");
    ::setenv("XDG_STATE_HOME", "relative", 1);
    EXPECT_EQ(state_file("jitter"), "/home/me/.local/state/spicykvm/jitter");
    ::setenv("XDG_STATE_HOME", "/state", 1);
    EXPECT_EQ(state_file("jitter"), "/state/spicykvm/jitter");
    ::setenv("STATE_DIRECTORY", "/run/own:/run/other", 1);
    EXPECT_EQ(state_file("jitter"), "/run/own/jitter");
}

} // namespace

} // namespace spicykvm::session
