// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/main_reader.h"
#include "support/wire.h"

#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;
using test::Wire;

class MainReaderTest : public testing::Test, public MainObserver {
  protected:
    bool feed(ByteSpan bytes) { return reader_.feed(bytes); }

    void on_init(const MainInit& init) override {
        seen_.push_back("init " + std::to_string(init.session));
    }
    void on_channels(const ChannelsList& list) override {
        seen_.push_back("channels " + std::to_string(list.pairs.size() / 2));
    }
    void on_mouse_mode(const MouseMode& mode) override {
        seen_.push_back("mouse " + std::to_string(mode.mode));
    }
    void on_name(const MainName& name) override {
        seen_.push_back("name " + std::string(name.name.begin(), name.name.end()));
    }
    void on_uuid(const MainUuid& uuid) override { seen_.push_back(uuid.uuid ? "uuid" : "no uuid"); }
    void on_remark(const std::string& remark) override { seen_.push_back("remark: " + remark); }

    std::vector<std::string> seen_;
    OutBuffer out_{1024};
    MainReader reader_{out_, *this};
};

TEST_F(MainReaderTest, AnIntroductionIsTold) {
    EXPECT_TRUE(feed(Wire()
                         .message(SPICE_MSG_MAIN_INIT, Wire().u32(7).fill(28, 0))
                         .message(SPICE_MSG_MAIN_NAME, Wire().u32(3).text("win"))
                         .message(SPICE_MSG_MAIN_UUID, Bytes(16, 1))
                         .message(SPICE_MSG_MAIN_CHANNELS_LIST, Wire().u32(1).u8(3).u8(0))
                         .message(SPICE_MSG_MAIN_MOUSE_MODE, Wire().u16(3).u16(2))));
    EXPECT_EQ(seen_,
              (std::vector<std::string>{"init 7", "name win", "uuid", "channels 1", "mouse 2"}));
    EXPECT_TRUE(out_.empty());
}

TEST_F(MainReaderTest, PingsAreAnsweredAndNotTold) {
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_PING, Wire().u32(1).u64(2))));
    EXPECT_EQ(to_bytes(out_.pending()),
              Wire().message(SPICE_MSGC_PONG, Wire().u32(1).u64(2)).get());
    EXPECT_TRUE(seen_.empty());
}

TEST_F(MainReaderTest, MigrationIsDeclined) {
    for (const std::uint16_t type :
         {SPICE_MSG_MAIN_MIGRATE_BEGIN, SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS}) {
        EXPECT_TRUE(feed(Wire().message(type, Bytes(40, 0xff))));
        EXPECT_EQ(to_bytes(out_.pending()),
                  Wire().message(SPICE_MSGC_MAIN_MIGRATE_CONNECT_ERROR).get());
        out_.consume(out_.pending().size());
    }
}

TEST_F(MainReaderTest, TheRestOfMigrationIsNotAnswered) {
    EXPECT_TRUE(feed(Wire()
                         .message(SPICE_MSG_MAIN_MIGRATE_CANCEL)
                         .message(SPICE_MSG_MAIN_MIGRATE_END)
                         .message(SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST, Bytes(40, 0xff))
                         .message(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_ACK)
                         .message(SPICE_MSG_MAIN_MIGRATE_DST_SEAMLESS_NACK)));
    EXPECT_TRUE(out_.empty());
    EXPECT_EQ(seen_, (std::vector<std::string>{"remark: the VM has migrated; not followed"}));
}

TEST_F(MainReaderTest, ANotificationIsARemarkInPrintableText) {
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_NOTIFY,
                                    Wire().u64(1).u32(2).u32(2).u32(0).u32(5).text("a\nb\x1b!"))));
    EXPECT_EQ(seen_, (std::vector<std::string>{"remark: the server says: a?b?!"}));
}

TEST_F(MainReaderTest, AMalformedNotificationIsNoReasonToHangUp) {
    EXPECT_TRUE(feed(Wire().message(SPICE_MSG_NOTIFY, Bytes(5))));
    EXPECT_TRUE(seen_.empty());
}

TEST_F(MainReaderTest, AgentMessagesAndUnknownOnesAreSkipped) {
    Wire wire;
    for (std::uint16_t type = SPICE_MSG_MAIN_AGENT_CONNECTED; type <= 200; ++type) {
        if (type < SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST || type > SPICE_MSG_MAIN_UUID + 2) {
            wire.message(type, Bytes(20));
        }
    }
    EXPECT_TRUE(feed(wire));
    EXPECT_TRUE(seen_.empty());
}

TEST_F(MainReaderTest, MalformedMessagesBreakTheConnection) {
    const std::pair<std::uint16_t, std::string> cases[] = {
        {SPICE_MSG_MAIN_INIT, "INIT is malformed"},
        {SPICE_MSG_MAIN_CHANNELS_LIST, "CHANNELS_LIST is malformed"},
        {SPICE_MSG_MAIN_MOUSE_MODE, "MOUSE_MODE is malformed"},
        {SPICE_MSG_MAIN_NAME, "NAME is malformed"},
        {SPICE_MSG_MAIN_UUID, "UUID is malformed"},
        {SPICE_MSG_PING, "a message is malformed"},
        {SPICE_MSG_LIST, "a message is malformed"}};
    for (const auto& [type, error] : cases) {
        MainReader reader(out_, *this);
        EXPECT_FALSE(reader.feed(Wire().message(type, Bytes(3)))) << type;
        EXPECT_EQ(reader.error(), error);
    }
    EXPECT_TRUE(seen_.empty());
}

TEST_F(MainReaderTest, AMessageThatIsTooLargeBreaksTheConnection) {
    EXPECT_FALSE(feed(Wire().u16(SPICE_MSG_PING).u32(Framer::kMaxSize + 1)));
    EXPECT_EQ(reader_.error(), "a message is too large");
}

} // namespace
} // namespace spicykvm::spice
