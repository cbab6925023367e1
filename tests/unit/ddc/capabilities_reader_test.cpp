// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/capabilities_reader.h"
#include "ddc/helper/worker.h"
#include "support/bad_monitor.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::SizeIs;

const std::string kText =
    "(prot(monitor)type(LCD)model(U2720Q)vcp(10 12 60(0F 10 11 12))mccs_ver(2.1))";

class CapabilitiesReaderTest : public testing::Test {
  protected:
    Result<Capabilities> read(unsigned slowness = 1) {
        CapabilitiesReader reader(Bus{5}, slowness, waiting.time);
        while (!reader.finished()) {
            waiting.time = std::max(waiting.time, reader.due());
            const Reply reply = worker.handle(reader.next());
            reader.on_reply(spoil(reply), waiting.time);
            ++requests;
        }
        return reader.result();
    }
    Reply spoil(Reply reply) {
        if (unrelated > 0 && !reply.text.empty() && requests > 0) {
            --unrelated;
            reply.status = Status::BadReply;
            reply.fault = ReplyFault::Unrelated;
        }
        return reply;
    }

    test::FakeWaiting waiting;
    test::BadNodes nodes{[this] { return waiting.time; }};
    Worker worker{nodes, waiting, "/nonexistent"};
    unsigned requests = 0;
    unsigned unrelated = 0; ///< so many pieces after the first come from another place
};

TEST_F(CapabilitiesReaderTest, PutsThePiecesTogether) {
    nodes.add(5, {.capabilities = kText});
    const TimePoint before = waiting.time;
    const auto caps = read();
    ASSERT_TRUE(caps);
    EXPECT_EQ(caps->model, "U2720Q");
    EXPECT_EQ(caps->mccs_version, "2.1");
    EXPECT_THAT(caps->features, SizeIs(3));
    EXPECT_EQ(requests, 4u); // three pieces and the end
    EXPECT_EQ(waiting.time - before, 200ms + 4 * 50ms + 3 * 50ms);
}

TEST_F(CapabilitiesReaderTest, GivesASlowMonitorTime) {
    nodes.add(5, {.capabilities = kText});
    const TimePoint before = waiting.time;
    ASSERT_TRUE(read(8));
    EXPECT_EQ(waiting.time - before, 8 * (200ms + 4 * 50ms + 3 * 50ms));
}

TEST_F(CapabilitiesReaderTest, TriesAgain) {
    nodes.add(5, {.nulls = 2, .doubled_first_byte = true, .nacks = 1, .capabilities = kText});
    const auto caps = read();
    ASSERT_TRUE(caps) << caps.error().message;
    EXPECT_EQ(caps->model, "U2720Q");
}

TEST_F(CapabilitiesReaderTest, StartsAgainAfterAPieceOfAnotherPlace) {
    nodes.add(5, {.capabilities = kText});
    unrelated = 2;
    const auto caps = read();
    ASSERT_TRUE(caps);
    EXPECT_EQ(caps->model, "U2720Q");
    EXPECT_GT(requests, 6u);
}

TEST_F(CapabilitiesReaderTest, GivesUp) {
    nodes.add(5, {.nacks = 1000});
    EXPECT_THAT(read().error().message, HasSubstr("i2c-5: the monitor does not answer"));
    EXPECT_EQ(requests, 10u);
    requests = 0;
    nodes.add(5, {.nulls = 1000});
    EXPECT_THAT(read().error().message, HasSubstr("null message"));
    EXPECT_EQ(requests, 3u);
    requests = 0;
    nodes.add(5, {.capabilities = kText});
    unrelated = 1000;
    EXPECT_FALSE(read());
}

TEST_F(CapabilitiesReaderTest, HasALimit) {
    nodes.add(5, {.capabilities = "(" + std::string(60000, 'x')});
    ASSERT_TRUE(read());
    EXPECT_EQ(requests, Capabilities::kMaxText / kMaxFragment);
}

TEST_F(CapabilitiesReaderTest, PassesAFailureOfTheHelperOn) {
    CapabilitiesReader reader(Bus{5}, 1, waiting.time);
    reader.on_reply(fail(ErrorCode::Timeout, "late"), waiting.time);
    ASSERT_TRUE(reader.finished());
    EXPECT_EQ(reader.result().error().message, "late");
}

} // namespace
} // namespace spicykvm::ddc
