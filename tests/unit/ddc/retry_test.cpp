// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/retry.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr TimePoint kStart{1h};

Reply transfer_failed(int error_number) {
    Reply reply;
    reply.status = Status::TransferFailed;
    reply.error_number = error_number;
    return reply;
}

Reply bad_reply(ReplyFault fault) {
    Reply reply;
    reply.status = Status::BadReply;
    reply.fault = fault;
    return reply;
}

Reply with_status(Status status, int error_number = 0) {
    Reply reply;
    reply.status = status;
    reply.error_number = error_number;
    return reply;
}

/// How many tries it takes with this answer to each, and how long they take.
std::pair<unsigned, Milliseconds> tries(Retry::Kind kind, const Reply& reply, unsigned slowness = 1,
                                        Milliseconds each = 0ms) {
    Retry retry(kind, slowness, kStart);
    TimePoint now = kStart + each;
    while (const auto next = retry.again(reply, now)) {
        now = *next + each;
    }
    return {retry.tries(), std::chrono::duration_cast<Milliseconds>(now - kStart)};
}

constexpr auto kWrite = Retry::Kind::Write;
constexpr auto kRead = Retry::Kind::Read;

TEST(Retry, WritesFourTimes) {
    EXPECT_EQ(tries(kWrite, transfer_failed(ENXIO)), std::pair(4U, 150ms));
    EXPECT_EQ(tries(kWrite, transfer_failed(EIO)), std::pair(4U, 150ms));
    EXPECT_EQ(tries(kWrite, transfer_failed(EREMOTEIO)), std::pair(4U, 450ms));
    EXPECT_EQ(tries(kWrite, transfer_failed(ETIMEDOUT)), std::pair(4U, 450ms));
    EXPECT_EQ(tries(kWrite, transfer_failed(EIO), 4), std::pair(4U, 600ms));
}

TEST(Retry, KeepsItsBudget) {
    EXPECT_EQ(tries(kWrite, transfer_failed(ETIMEDOUT), 1, 1000ms), std::pair(2U, 2150ms));
    EXPECT_EQ(tries(kWrite, transfer_failed(ETIMEDOUT), 1, 2000ms).first, 1u);
    EXPECT_EQ(tries(kWrite, transfer_failed(EIO), 10, 1000ms).first, 4u);
}

TEST(Retry, ReadsTenTimesButTakesThreeNullsForAnAnswer) {
    EXPECT_EQ(tries(kRead, bad_reply(ReplyFault::Checksum)).first, 10u);
    EXPECT_EQ(tries(kRead, bad_reply(ReplyFault::AllZero)).first, 10u);
    EXPECT_EQ(tries(kRead, bad_reply(ReplyFault::Null)).first, 3u);
}

TEST(Retry, SomeAnswersAreFinal) {
    for (const Reply& reply :
         {with_status(Status::Done), with_status(Status::Busy), with_status(Status::EdidDiffers),
          with_status(Status::Invalid), with_status(Status::NoDisplay), transfer_failed(EBUSY),
          transfer_failed(ENODEV), with_status(Status::OpenFailed, ENOENT),
          with_status(Status::OpenFailed, EPERM)}) {
        EXPECT_EQ(tries(kWrite, reply).first, 1u) << static_cast<int>(reply.status);
    }
}

TEST(Retry, WaitsForUdevAfterResume) {
    EXPECT_EQ(tries(kWrite, with_status(Status::OpenFailed, EACCES)), std::pair(4U, 1800ms));
}

TEST(Retry, AnUnreadableEdidMayBecomeReadable) {
    EXPECT_EQ(tries(kWrite, with_status(Status::EdidUnreadable, ENXIO)).first, 4u);
}

TEST(ErrorCodes, SayWhatKindOfFailureItIs) {
    EXPECT_EQ(error_code(with_status(Status::NoDisplay)), ErrorCode::NotFound);
    EXPECT_EQ(error_code(with_status(Status::OpenFailed, ENOENT)), ErrorCode::NotFound);
    EXPECT_EQ(error_code(with_status(Status::OpenFailed, EACCES)), ErrorCode::AccessDenied);
    EXPECT_EQ(error_code(with_status(Status::Busy)), ErrorCode::Busy);
    EXPECT_EQ(error_code(transfer_failed(EBUSY)), ErrorCode::Busy);
    EXPECT_EQ(error_code(transfer_failed(ENXIO)), ErrorCode::Unreachable);
    EXPECT_EQ(error_code(with_status(Status::EdidUnreadable, ENXIO)), ErrorCode::Unreachable);
    EXPECT_EQ(error_code(with_status(Status::EdidDiffers)), ErrorCode::WrongPeer);
    EXPECT_EQ(error_code(bad_reply(ReplyFault::Null)), ErrorCode::Protocol);
    EXPECT_EQ(error_code(with_status(Status::Invalid)), ErrorCode::NotSupported);
}

TEST(Explain, SaysWhatToDo) {
    const Bus bus{5};
    diagnosis::NodeFacts facts;
    facts.kind = diagnosis::NodeKind::I2c;
    facts.adapter_is_known = true;
    EXPECT_EQ(explain(with_status(Status::OpenFailed, ENOENT), bus, facts),
              "open /dev/i2c-5: No such file or directory: the module i2c-dev is not loaded: "
              "modprobe i2c-dev, then systemctl restart spicykvmd");
    facts.is_there = true;
    EXPECT_THAT(explain(with_status(Status::OpenFailed, EPERM), bus, facts),
                HasSubstr("DeviceAllow="));
    EXPECT_THAT(explain(with_status(Status::OpenFailed, EACCES), bus, facts),
                HasSubstr("group i2c"));
    EXPECT_THAT(explain(transfer_failed(ENXIO), bus), HasSubstr("does not answer"));
    EXPECT_THAT(explain(transfer_failed(EBUSY), bus), HasSubstr("ddcci"));
    EXPECT_THAT(explain(with_status(Status::Busy), bus), HasSubstr("another program"));
    EXPECT_THAT(explain(with_status(Status::EdidDiffers), bus), HasSubstr("nothing was written"));
    EXPECT_THAT(explain(bad_reply(ReplyFault::Checksum), bus), HasSubstr("wrong checksum"));
}

} // namespace
} // namespace spicykvm::ddc
