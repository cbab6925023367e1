// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper/worker.h"
#include "support/bad_monitor.h"
#include "support/sysfs_tree.h"

#include <cerrno>
#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using namespace std::chrono_literals;
using test::Bytes;
using test::edid_bytes;
using testing::ElementsAre;
using testing::IsEmpty;

class WorkerTest : public testing::Test {
  protected:
    Request request(Operation operation) {
        Request result;
        result.serial = 7;
        result.operation = operation;
        result.bus = Bus{5};
        result.value = 0x11;
        return result;
    }
    /// A set for the monitor of the default EDID.
    Request set() {
        Request result = request(Operation::Set);
        result.identity = IdentityRule::Required;
        result.edid = Edid::parse(edid_bytes())->block;
        return result;
    }
    Reply handle(const Request& request) {
        const Reply reply = worker.handle(request);
        EXPECT_EQ(reply.serial, request.serial);
        EXPECT_EQ(nodes.open_now, 0u); // never held open
        return reply;
    }

    test::TempFolder folder;
    test::SysfsTree tree{folder.path()};
    test::FakeWaiting waiting;
    test::BadNodes nodes{[this] { return waiting.time; }};
    Worker worker{nodes, waiting, folder.path()};
};

TEST_F(WorkerTest, SetsTheInput) {
    auto& monitor = nodes.add(5);
    const Reply reply = handle(set());
    EXPECT_EQ(reply.status, Status::Done);
    EXPECT_TRUE(reply.attempted);
    EXPECT_FALSE(reply.unlocked);
    EXPECT_THAT(monitor.received(), ElementsAre(Bytes{0x51, 0x84, 3, 0x60, 0, 0x11, 0xc9}));
    EXPECT_EQ(nodes.opened, 1u); // the EDID came over the same descriptor
}

TEST_F(WorkerTest, SetsOverLgsChannelAndSaves) {
    auto& monitor = nodes.add(5);
    Request lg = set();
    lg.vcp = VcpCode::LgInputSource;
    lg.source = SourceAddress::LgChannel;
    lg.value = 0x1d1;
    EXPECT_EQ(handle(lg).status, Status::Done);
    Request save = set();
    save.operation = Operation::Save;
    EXPECT_EQ(handle(save).status, Status::Done);
    EXPECT_THAT(monitor.received(), ElementsAre(Bytes{0x50, 0x84, 3, 0xf4, 1, 0xd1, 0x9d},
                                                Bytes{0x51, 0x81, 0x0c, 0xb2}));
}

TEST_F(WorkerTest, WritesNothingToAnotherMonitor) {
    auto& monitor = nodes.add(5, {.edid = edid_bytes({.serial = "other"})});
    const Reply reply = handle(set());
    EXPECT_EQ(reply.status, Status::EdidDiffers);
    EXPECT_FALSE(reply.attempted);
    EXPECT_THAT(monitor.received(), IsEmpty());
}

TEST_F(WorkerTest, WritesNothingIfTheEdidIsUnreadable) {
    auto& gone = nodes.add(5, {.edid = {}});
    Reply reply = handle(set());
    EXPECT_EQ(reply.status, Status::EdidUnreadable);
    EXPECT_EQ(reply.error_number, ENXIO);
    auto& shifted = nodes.add(6, {.edid = Bytes(256)});
    Request other = set();
    other.bus = Bus{6};
    reply = handle(other);
    EXPECT_EQ(reply.status, Status::EdidUnreadable);
    EXPECT_EQ(reply.error_number, 0);
    EXPECT_FALSE(reply.attempted);
    EXPECT_THAT(gone.received(), IsEmpty());
    EXPECT_THAT(shifted.received(), IsEmpty());
}

TEST_F(WorkerTest, WritesToAnMstPortWhoseEdidIsUnreadableButNotToAnother) {
    Request mst = set();
    mst.identity = IdentityRule::IfReadable;
    nodes.add(5, {.edid = Bytes(256)});
    EXPECT_EQ(handle(mst).status, Status::Done);
    nodes.add(5, {.edid = edid_bytes({.product = 1})});
    EXPECT_EQ(handle(mst).status, Status::EdidDiffers);
}

TEST_F(WorkerTest, AsksNobodyWhoHeIsWithoutARule) {
    auto& monitor = nodes.add(5, {.edid = {}});
    EXPECT_EQ(handle(request(Operation::Set)).status, Status::Done);
    EXPECT_THAT(monitor.sets(), ElementsAre(0x11));
}

TEST_F(WorkerTest, ReadsTheInput) {
    nodes.add(5);
    const TimePoint before = waiting.time;
    const Reply reply = handle(request(Operation::Get));
    EXPECT_EQ(reply.status, Status::Done);
    EXPECT_TRUE(reply.supported);
    EXPECT_EQ(reply.current, 0x0f);
    EXPECT_EQ(reply.max, 0x12);
    EXPECT_EQ(waiting.time - before, 50ms);
    EXPECT_FALSE(reply.attempted);
    Request other = request(Operation::Get);
    other.vcp = VcpCode::Luminance;
    EXPECT_EQ(handle(other).status, Status::Done);
    EXPECT_FALSE(handle(other).supported);
}

TEST_F(WorkerTest, TellsNullsAndDoubledBytesAndLies) {
    nodes.add(5, {.nulls = 1, .doubled_first_byte = true, .lie = 0x0305});
    Reply reply = handle(request(Operation::Get));
    EXPECT_EQ(reply.status, Status::BadReply);
    EXPECT_EQ(reply.fault, ReplyFault::Null);
    reply = handle(request(Operation::Get));
    EXPECT_EQ(reply.status, Status::Done);
    EXPECT_EQ(reply.current, 0x0305);
}

TEST_F(WorkerTest, ReadsCapabilitiesPieceByPiece) {
    const std::string text = "(prot(monitor)type(lcd)vcp(10 12 60(0F 10 11 12)))";
    nodes.add(5, {.capabilities = text});
    std::string read;
    while (true) {
        Request next = request(Operation::Capabilities);
        next.index = static_cast<std::uint16_t>(read.size());
        const Reply reply = handle(next);
        ASSERT_EQ(reply.status, Status::Done);
        if (reply.text.empty()) {
            break;
        }
        read += reply.text;
    }
    EXPECT_EQ(read, text);
}

TEST_F(WorkerTest, ReadsTheEdidAlsoFromTheMiddle) {
    Bytes two(128, 0x02);
    const Bytes base = edid_bytes();
    two.insert(two.end(), base.begin(), base.end());
    nodes.add(5, {.edid = two});
    const Reply reply = handle(request(Operation::Edid));
    EXPECT_EQ(reply.status, Status::Done);
    ASSERT_TRUE(reply.has_edid);
    EXPECT_EQ(Bytes(reply.edid.begin(), reply.edid.end()), base);
}

TEST_F(WorkerTest, FallsBackToPlainTransfersForGood) {
    auto& monitor = nodes.add(5, {.no_rdwr = true});
    unsigned rdwr = 0;
    nodes.before_transfer = [&] { ++rdwr; };
    EXPECT_EQ(handle(set()).status, Status::Done);
    EXPECT_EQ(handle(set()).status, Status::Done);
    EXPECT_EQ(handle(request(Operation::Get)).current, 0x11);
    EXPECT_EQ(rdwr, 1u);
    EXPECT_THAT(monitor.sets(), ElementsAre(0x11, 0x11));
}

TEST_F(WorkerTest, SaysThatAKernelDriverHoldsTheAddress) {
    nodes.add(5, {.no_rdwr = true, .driver_bound = true});
    const Reply reply = handle(set());
    EXPECT_EQ(reply.status, Status::TransferFailed);
    EXPECT_EQ(reply.error_number, EBUSY);
}

TEST_F(WorkerTest, PassesErrorsOn) {
    nodes.add(5, {.nacks = 1, .nack_error = EREMOTEIO});
    Reply reply = handle(set());
    EXPECT_EQ(reply.status, Status::TransferFailed);
    EXPECT_EQ(reply.error_number, EREMOTEIO);
    EXPECT_TRUE(reply.attempted); // who knows how far it came
    nodes.open_errors[Bus{5}] = EACCES;
    reply = handle(set());
    EXPECT_EQ(reply.status, Status::OpenFailed);
    EXPECT_EQ(reply.error_number, EACCES);
    EXPECT_FALSE(reply.attempted);
    nodes.open_errors.clear();
    nodes.add(5, {.wedged = true});
    reply = handle(request(Operation::Get));
    EXPECT_EQ(reply.status, Status::TransferFailed);
    EXPECT_EQ(reply.error_number, EIO);
}

TEST_F(WorkerTest, ASetGoesOnWithoutALockThatIsNotGivenBack) {
    auto& monitor = nodes.add(5);
    nodes.locked_by_another = true;
    const TimePoint before = waiting.time;
    const Reply reply = handle(set());
    EXPECT_EQ(waiting.time - before, Worker::kLockWait);
    EXPECT_EQ(reply.status, Status::Done);
    EXPECT_TRUE(reply.unlocked);
    EXPECT_THAT(monitor.sets(), ElementsAre(0x11));
    EXPECT_EQ(handle(request(Operation::Get)).status, Status::Busy);
    EXPECT_EQ(handle(request(Operation::Edid)).status, Status::Busy);
}

TEST_F(WorkerTest, ListsDisplaysOneByOne) {
    tree.adapter(5, "AMDGPU DM i2c hw bus 1");
    tree.connector("card1-HDMI-A-1", edid_bytes());
    tree.ddc("card1-HDMI-A-1", 5);
    tree.connector("card1-eDP-1");
    Request next = request(Operation::Display);
    Reply reply = handle(next);
    EXPECT_EQ(reply.status, Status::Done);
    EXPECT_EQ(reply.text, "card1-HDMI-A-1");
    EXPECT_THAT(reply.buses, ElementsAre(Bus{5}));
    EXPECT_TRUE(reply.has_edid);
    next.index = 1;
    tree.connector("card1-DP-9"); // comes too late for this list
    reply = handle(next);
    EXPECT_EQ(reply.text, "card1-eDP-1");
    EXPECT_TRUE(reply.internal);
    EXPECT_FALSE(reply.has_edid);
    next.index = 2;
    EXPECT_EQ(handle(next).status, Status::NoDisplay);
    EXPECT_EQ(nodes.opened, 0u);
}

} // namespace
} // namespace spicykvm::ddc
