// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/password.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

TEST(Password, ShortOnesAreTakenAsTheyAre) {
    for (const std::size_t size : {0u, 1u, 58u, 59u}) {
        const auto password = Password::from(std::string(size, 'x'));
        ASSERT_TRUE(password) << size;
        EXPECT_EQ(password->text(), std::string(size, 'x'));
        EXPECT_FALSE(password->shortened());
    }
}

TEST(Password, SixtyBytesAreCutAsTheServerCutsThem) {
    const auto password = Password::from(std::string(59, 'x') + "y");
    ASSERT_TRUE(password);
    EXPECT_EQ(password->text(), std::string(59, 'x'));
    EXPECT_TRUE(password->shortened());
}

TEST(Password, SixtyOneBytesAreRefusedWithTheReason) {
    const auto password = Password::from(std::string(61, 'x'));
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(password.error().message,
              "read the SPICE password: it has 61 bytes; SPICE allows 60, and servers keep 59 of "
              "them");
}

TEST(Password, ANulByteIsRefused) {
    const auto password = Password::from(std::string("se\0cret", 7));
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(password.error().message.find("cret"), std::string::npos);
}

TEST(Password, TheStringItComesFromIsWiped) {
    std::string text = "correct horse battery staple, longer than a short string";
    const char* const bytes = text.data();
    const std::size_t size = text.size();
    ASSERT_TRUE(Password::from(std::move(text)));
    EXPECT_TRUE(text.empty()); // NOLINT(bugprone-use-after-move): that is the promise
    EXPECT_EQ(text.data(), bytes);
    EXPECT_EQ(std::string(bytes, size), std::string(size, '\0'));
}

TEST(Password, MovingLeavesNothingBehind) {
    auto first = Password::from("secret");
    ASSERT_TRUE(first);
    const char* const bytes = first->text().data();
    const Password second = std::move(*first);
    EXPECT_EQ(second.text(), "secret");
    EXPECT_EQ(std::string(bytes, 6), std::string(6, '\0'));
}

} // namespace
} // namespace spicykvm::spice
