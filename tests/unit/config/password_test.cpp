// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/password.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

namespace spicykvm::config {
namespace {

using testing::HasSubstr;

TEST(Password, IsEmptyWithoutASource) {
    EXPECT_EQ(PasswordSource().read().value(), "");
    EXPECT_EQ(PasswordSource().kind(), PasswordSource::Kind::None);
}

TEST(Password, ReadsAFileAndStripsOneNewline) {
    const TempDir dir;
    EXPECT_EQ(PasswordSource::file(dir.write("a", "secret")).read().value(), "secret");
    EXPECT_EQ(PasswordSource::file(dir.write("b", "secret\n")).read().value(), "secret");
    EXPECT_EQ(PasswordSource::file(dir.write("c", "secret\n\n")).read().value(), "secret\n");
    EXPECT_EQ(PasswordSource::file(dir.write("d", "")).read().value(), "");
}

TEST(Password, ReadsTheFileAgainEachTime) {
    const TempDir dir;
    const auto source = PasswordSource::file(dir.write("a", "old"));
    EXPECT_EQ(source.read().value(), "old");
    (void)dir.write("a", "new");
    EXPECT_EQ(source.read().value(), "new");
}

TEST(Password, TakesUpToTheLimitAndNoMore) {
    const TempDir dir;
    const std::string most(kMaxPassword, 'x');
    EXPECT_EQ(PasswordSource::file(dir.write("a", most)).read().value(), most);
    EXPECT_EQ(PasswordSource::file(dir.write("b", most + "\n")).read().value(), most);
    for (const std::string& text : {most + "x", most + "x\n", most + "\n\n", most + most}) {
        const auto read = PasswordSource::file(dir.write("c", text)).read();
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, ErrorCode::InvalidArgument);
        EXPECT_THAT(read.error().message, HasSubstr("longer than 4096 bytes"));
    }
}

TEST(Password, NamesTheFileThatIsMissing) {
    const auto read = PasswordSource::file("/nonexistent/pw").read();
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::NotFound);
    EXPECT_EQ(read.error().message,
              "read the password from file \"/nonexistent/pw\": No such file or directory");
}

TEST(Password, RefusesAFileThatCouldBlock) {
    const TempDir dir;
    ASSERT_EQ(::mkfifo(dir.path("fifo").c_str(), 0600), 0);
    for (const std::string& path : {dir.path("fifo"), dir.path(), std::string("/dev/zero")}) {
        const auto read = PasswordSource::file(path).read();
        ASSERT_FALSE(read) << path;
        EXPECT_THAT(read.error().message, HasSubstr("not a regular file"));
    }
}

TEST(Password, ReadsAVariable) {
    const ScopedEnv env("SPICYKVM_TEST_PASSWORD", "secret\n");
    EXPECT_EQ(PasswordSource::env("SPICYKVM_TEST_PASSWORD").read().value(), "secret");
    const auto read = PasswordSource::env("SPICYKVM_TEST_NO_PASSWORD").read();
    ASSERT_FALSE(read);
    EXPECT_EQ(
        read.error().message,
        "read the password from environment variable SPICYKVM_TEST_NO_PASSWORD: it is not set");
}

TEST(Password, ReadsACredentialOfTheService) {
    const TempDir dir;
    (void)dir.write("spice-win11", "secret\n");
    const ScopedEnv env("CREDENTIALS_DIRECTORY", dir.path().c_str());
    EXPECT_EQ(PasswordSource::credential("spice-win11").read().value(), "secret");
    EXPECT_EQ(PasswordSource::credential("spice-other").read().error().code, ErrorCode::NotFound);
}

TEST(Password, SaysHowToGiveTheServiceACredential) {
    ::unsetenv("CREDENTIALS_DIRECTORY");
    const auto read = PasswordSource::credential("spice-win11").read();
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("LoadCredential=spice-win11:/path"));
}

TEST(Password, OfTheCommandLineIsNeverDescribed) {
    const auto source = PasswordSource::literal("topsecret");
    EXPECT_EQ(source.read().value(), "topsecret");
    EXPECT_EQ(source.describe(), "command line");
}

TEST(Password, IsOverwrittenByWipe) {
    std::string secret = "a secret that is longer than the short string buffer";
    const char* memory = secret.data();
    const std::size_t size = secret.size();
    wipe(secret);
    EXPECT_TRUE(secret.empty());
    secret.resize(size); // within the capacity: the same memory, which is ours to look at
    ASSERT_EQ(secret.data(), memory);
    EXPECT_EQ(secret, std::string(size, '\0'));
}

} // namespace
} // namespace spicykvm::config
