// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The client with the real program, whose monitors misbehave.
#include "ddc/helper_client.h"
#include "integration/ddc/ddc_rig.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using namespace std::chrono_literals;
using ddc::HelperClient;
using ddc::Operation;
using ddc::Reply;
using ddc::Request;
using ddc::Status;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Longer than any answer takes on a busy machine.
constexpr Milliseconds kLong = 30s;
/// For a helper that hangs for ever.
constexpr Milliseconds kShort = 20ms;

class HelperClientTest : public testing::Test {
  protected:
    void SetUp() override { client.set_deadline(kLong); }

    static Request request(Operation operation, unsigned bus) {
        Request result;
        result.operation = operation;
        result.bus = ddc::Bus{static_cast<std::uint16_t>(bus)};
        result.value = 0x11;
        return result;
    }
    Result<Reply> ask(const Request& wanted) {
        std::optional<Result<Reply>> answer;
        client.send(wanted, [&](Result<Reply> reply) { answer = std::move(reply); });
        EXPECT_FALSE(answer); // not from inside
        if (!run_until(
                loop, [&] { return answer.has_value(); }, kLong)) {
            return fail(ErrorCode::Failed, "no answer at all");
        }
        return std::move(*answer);
    }

    DdcRig rig;
    EventLoop loop;
    HelperClient client{loop, rig.command(SCRIPTED_DDC)};
};

TEST_F(HelperClientTest, AsksAndGetsAnswers) {
    rig.add_monitor(5);
    const auto display = ask(request(Operation::Display, 0));
    ASSERT_TRUE(display) << display.error().message;
    EXPECT_EQ(display->text, "card1-DP-5");
    EXPECT_THAT(display->buses, ElementsAre(ddc::Bus{5}));
    const auto set = ask(request(Operation::Set, 5));
    ASSERT_TRUE(set);
    EXPECT_EQ(set->status, Status::Done);
    EXPECT_THAT(rig.received(), ElementsAre("5: 51 84 03 60 00 11 c9"));
}

TEST_F(HelperClientTest, AnswersComeInOrder) {
    rig.add_monitor(5);
    rig.add_monitor(6, "no_rdwr");
    std::vector<int> order;
    for (int i = 0; i < 6; ++i) {
        client.send(request(Operation::Edid, i % 2 == 0 ? 5 : 6),
                    [&, i](const Result<Reply>& reply) {
                        EXPECT_TRUE(reply && reply->has_edid);
                        order.push_back(i);
                    });
    }
    EXPECT_TRUE(run_until(
        loop, [&] { return order.size() == 6; }, kLong));
    EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(HelperClientTest, OneThatHangsIsKilledAndReplaced) {
    rig.add_monitor(5, "hang");
    rig.add_monitor(6);
    ASSERT_TRUE(ask(request(Operation::Display, 0)));
    client.set_deadline(kShort);
    const auto hung = ask(request(Operation::Set, 5));
    ASSERT_FALSE(hung);
    EXPECT_EQ(hung.error().code, ErrorCode::Timeout);
    EXPECT_THAT(hung.error().message, HasSubstr("i2c-5"));
    client.set_deadline(kLong);
    const auto next = ask(request(Operation::Set, 6));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->status, Status::Done);
    EXPECT_TRUE(run_until(
        loop, [&] { return client.hanging() == 0; }, kLong)); // no zombie
}

TEST_F(HelperClientTest, RequestsBehindOneThatHangsAreDone) {
    rig.add_monitor(5, "hang");
    rig.add_monitor(6);
    ASSERT_TRUE(client.start());
    client.set_deadline(kShort);
    std::vector<bool> answers;
    client.send(request(Operation::Set, 5), [&](const Result<Reply>& reply) {
        answers.push_back(reply.has_value());
        client.set_deadline(kLong);
    });
    client.send(request(Operation::Set, 6),
                [&](const Result<Reply>& reply) { answers.push_back(reply.has_value()); });
    EXPECT_TRUE(run_until(
        loop, [&] { return answers.size() == 2; }, kLong));
    EXPECT_THAT(answers, ElementsAre(false, true));
}

TEST_F(HelperClientTest, OneThatDiesIsReplaced) {
    rig.add_monitor(5, "die");
    const auto died = ask(request(Operation::Set, 5));
    ASSERT_FALSE(died);
    EXPECT_EQ(died.error().code, ErrorCode::Disconnected);
    rig.become(5, "");
    const auto next = ask(request(Operation::Set, 5));
    ASSERT_TRUE(next) << next.error().message;
    EXPECT_EQ(next->status, Status::Done);
}

TEST_F(HelperClientTest, ABusThatCameLaterIsReachedByANewHelper) {
    HelperClient real(loop, rig.command(SPICYKVM_DDC));
    const auto ask_real = [&](const Request& wanted) {
        std::optional<Result<Reply>> answer;
        real.send(wanted, [&](Result<Reply> reply) { answer = std::move(reply); });
        EXPECT_TRUE(run_until(
            loop, [&] { return answer.has_value(); }, kLong));
        return answer && *answer ? **answer : Reply{};
    };
    EXPECT_EQ(ask_real(request(Operation::Display, 0)).status, Status::NoDisplay);
    rig.become(6, ""); // a file is no bus, but it can be opened
    for (int i = 0; i < 2; ++i) {
        const Reply reply = ask_real(request(Operation::Set, 6));
        EXPECT_EQ(reply.status, Status::TransferFailed);
        EXPECT_EQ(reply.error_number, ENOTTY);
    }
}

TEST_F(HelperClientTest, MayBeDestroyedWhileItWaits) {
    rig.add_monitor(5, "hang");
    bool called = false;
    {
        HelperClient gone(loop, rig.command(SCRIPTED_DDC));
        gone.send(request(Operation::Set, 5), [&](const Result<Reply>&) { called = true; });
        ASSERT_TRUE(ask(request(Operation::Display, 0))); // some turns of the loop
    }
    ASSERT_TRUE(ask(request(Operation::Display, 0)));
    EXPECT_FALSE(called);
}

TEST_F(HelperClientTest, SaysWhatCannotBeStarted) {
    HelperClient none(loop, {"/nonexistent/helper", {}});
    std::optional<Result<Reply>> answer;
    none.send(request(Operation::Set, 5), [&](Result<Reply> reply) { answer = std::move(reply); });
    ASSERT_TRUE(run_until(loop, [&] { return answer.has_value(); }));
    EXPECT_EQ(answer->error().code, ErrorCode::NotFound);
    EXPECT_THAT(answer->error().message, HasSubstr("/nonexistent/helper"));
}

TEST_F(HelperClientTest, AProgramThatIsNoHelperIsAFailure) {
    HelperClient wrong(loop, {"/bin/true", {}});
    std::optional<Result<Reply>> answer;
    wrong.send(request(Operation::Set, 5), [&](Result<Reply> reply) { answer = std::move(reply); });
    ASSERT_TRUE(run_until(
        loop, [&] { return answer.has_value(); }, kLong));
    EXPECT_FALSE(*answer);
}

TEST_F(HelperClientTest, ADoneMayDestroyItsClient) {
    rig.add_monitor(5);
    auto other = std::make_unique<HelperClient>(loop, rig.command(SCRIPTED_DDC));
    bool done = false;
    other->send(request(Operation::Edid, 5), [&](const Result<Reply>&) {
        other.reset();
        done = true;
    });
    EXPECT_TRUE(run_until(
        loop, [&] { return done; }, kLong));
}

TEST_F(HelperClientTest, StartsNoMoreHelpersWhileTooManyHang) {
    rig.add_monitor(5, "hang");
    client.set_deadline(kShort);
    client.set_max_hanging(1);
    std::optional<Result<void>> while_one_hangs;
    client.send(request(Operation::Set, 5), [&](const Result<Reply>& reply) {
        EXPECT_EQ(reply.error().code, ErrorCode::Timeout);
        EXPECT_EQ(client.hanging(), 1u); // killed, and not seen to end: the loop has not run
        while_one_hangs = client.start();
    });
    ASSERT_TRUE(run_until(
        loop, [&] { return while_one_hangs.has_value(); }, kLong));
    ASSERT_FALSE(*while_one_hangs);
    EXPECT_EQ(while_one_hangs->error().code, ErrorCode::Busy);
    EXPECT_THAT(while_one_hangs->error().message, HasSubstr("1 helpers hang in the kernel"));
    ASSERT_TRUE(run_until(
        loop, [&] { return client.hanging() == 0; }, kLong));
    rig.become(5, "");
    client.set_deadline(kLong);
    EXPECT_TRUE(ask(request(Operation::Set, 5))); // it has ended: another one may start
}

} // namespace
} // namespace spicykvm::test
