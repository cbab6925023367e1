// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/common_messages.h"
#include "support/wire.h"

#include <gtest/gtest.h>
#include <spice/enums.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;
using test::Wire;
using Outcome = CommonMessages::Outcome;

class CommonMessagesTest : public testing::Test {
  protected:
    Outcome take(std::uint16_t type, ByteSpan body = {}) {
        return common_.take({type, static_cast<std::uint32_t>(body.size()), body});
    }
    /// What was answered since the last call.
    Bytes answered() {
        Bytes bytes = to_bytes(out_.pending());
        out_.consume(bytes.size());
        return bytes;
    }

    OutBuffer out_{1024};
    CommonMessages common_{out_};
};

const Bytes kAck = Wire().message(SPICE_MSGC_ACK).get();

TEST_F(CommonMessagesTest, APingIsAnsweredWithItsIdAndTimeAlone) {
    EXPECT_EQ(take(SPICE_MSG_PING, Wire().u32(3).u64(99).fill(1000, 1)), Outcome::Handled);
    EXPECT_EQ(answered(), Wire().message(SPICE_MSGC_PONG, Wire().u32(3).u64(99)).get());
}

TEST_F(CommonMessagesTest, SetAckIsConfirmedAndThenEveryWindowOfMessagesAcked) {
    EXPECT_EQ(take(SPICE_MSG_SET_ACK, Wire().u32(7).u32(3)), Outcome::Handled);
    EXPECT_EQ(answered(), Wire().message(SPICE_MSGC_ACK_SYNC, Wire().u32(7)).get());
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(take(111), Outcome::NotCommon);
        EXPECT_EQ(take(111), Outcome::NotCommon);
        EXPECT_TRUE(answered().empty());
        EXPECT_EQ(take(111), Outcome::NotCommon);
        EXPECT_EQ(answered(), kAck);
    }
}

TEST_F(CommonMessagesTest, NoAckIsSentWithoutAWindow) {
    (void)take(SPICE_MSG_SET_ACK, Wire().u32(1).u32(0));
    (void)answered();
    for (int i = 0; i < 100; ++i) {
        (void)take(111);
    }
    EXPECT_TRUE(answered().empty());
}

TEST_F(CommonMessagesTest, ANewSetAckStartsTheCountAgain) {
    (void)take(SPICE_MSG_SET_ACK, Wire().u32(1).u32(10));
    for (int i = 0; i < 9; ++i) {
        (void)take(111);
    }
    (void)take(SPICE_MSG_SET_ACK, Wire().u32(2).u32(2));
    (void)answered();
    (void)take(111);
    EXPECT_TRUE(answered().empty());
    (void)take(111);
    EXPECT_EQ(answered(), kAck);
}

TEST_F(CommonMessagesTest, AWindowOfOneAcksEveryMessage) {
    (void)take(SPICE_MSG_SET_ACK, Wire().u32(1).u32(1));
    (void)answered();
    (void)take(111);
    EXPECT_EQ(answered(), kAck);
    (void)take(SPICE_MSG_PING, Wire().u32(3).u64(99));
    EXPECT_EQ(answered().size(), kAck.size() + 6 + 12);
}

TEST_F(CommonMessagesTest, MigrationGetsItsFlushMarkOnlyIfAskedFor) {
    EXPECT_EQ(take(SPICE_MSG_MIGRATE, Wire().u32(SPICE_MIGRATE_NEED_FLUSH)), Outcome::Handled);
    EXPECT_EQ(answered(), Wire().message(SPICE_MSGC_MIGRATE_FLUSH_MARK).get());
    EXPECT_EQ(take(SPICE_MSG_MIGRATE, Wire().u32(0)), Outcome::Handled);
    EXPECT_TRUE(answered().empty());
}

TEST_F(CommonMessagesTest, TruncatedOnesAreMalformed) {
    EXPECT_EQ(take(SPICE_MSG_SET_ACK, Bytes(7)), Outcome::Malformed);
    EXPECT_EQ(take(SPICE_MSG_PING, Bytes(11)), Outcome::Malformed);
    EXPECT_EQ(take(SPICE_MSG_MIGRATE, Bytes(3)), Outcome::Malformed);
    EXPECT_TRUE(answered().empty());
}

TEST_F(CommonMessagesTest, OthersAreToldApart) {
    EXPECT_EQ(take(SPICE_MSG_DISCONNECTING), Outcome::Handled);
    EXPECT_EQ(take(SPICE_MSG_LIST), Outcome::Malformed);
    EXPECT_EQ(take(SPICE_MSG_MIGRATE_DATA), Outcome::Handled);
    EXPECT_EQ(take(SPICE_MSG_WAIT_FOR_CHANNELS), Outcome::Handled);
    EXPECT_EQ(take(SPICE_MSG_NOTIFY), Outcome::NotCommon);
    EXPECT_EQ(take(0), Outcome::NotCommon);
    EXPECT_EQ(take(0xffff), Outcome::NotCommon);
}

} // namespace
} // namespace spicykvm::spice
