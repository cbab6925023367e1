// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/resolver.h"
#include "support/run_until.h"

#include <gtest/gtest.h>
#include <optional>

namespace spicykvm::spice {
namespace {

using namespace std::chrono_literals;

class ResolverTest : public testing::Test {
  protected:
    void start(const std::string& host) {
        resolver_ = std::make_unique<Resolver>(loop_, TcpEndpoint{host, 5900}, [this](auto result) {
            answer_ = std::move(result);
            resolver_.reset();
        });
        EXPECT_FALSE(answer_) << "not from inside the constructor";
    }
    bool answered() {
        return test::run_until(loop_, [&] { return answer_.has_value(); });
    }

    EventLoop loop_;
    std::optional<Result<Resolver::Addresses>> answer_;
    std::unique_ptr<Resolver> resolver_;
};

TEST_F(ResolverTest, FindsThisHost) {
    start("localhost");
    ASSERT_TRUE(answered());
    ASSERT_TRUE(*answer_) << answer_->error().message;
    ASSERT_FALSE((*answer_)->empty());
    for (const SocketAddress& address : **answer_) {
        EXPECT_TRUE(address.is_local());
    }
}

TEST_F(ResolverTest, AHostThatDoesNotExistIsAnError) {
    start("no-such-host.invalid");
    ASSERT_TRUE(answered());
    ASSERT_FALSE(*answer_);
    EXPECT_EQ(answer_->error().code, ErrorCode::Unreachable);
    EXPECT_TRUE(answer_->error().message.starts_with("look up host no-such-host.invalid: "));
}

TEST_F(ResolverTest, DroppedItAnswersNoMore) {
    start("localhost");
    resolver_.reset();
    EXPECT_FALSE(test::run_until(
        loop_, [&] { return answer_.has_value(); }, 50ms));
}

} // namespace
} // namespace spicykvm::spice
