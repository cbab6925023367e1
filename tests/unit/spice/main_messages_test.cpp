// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/main_messages.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;
using test::Wire;

TEST(MainInit, IsParsed) {
    const auto init =
        MainInit::parse(Wire().u32(7).u32(1).u32(3).u32(2).u32(0).u32(10).u32(99).u32(0));
    ASSERT_TRUE(init);
    EXPECT_EQ(init->session, 7u);
    EXPECT_EQ(init->mouse_mode, 2u);
}

TEST(MouseMode, IsParsed) {
    EXPECT_EQ(MouseMode::parse(Wire().u16(3).u16(1))->mode, 1);
}

TEST(MainMessages, TruncatedOnesAreRefusedAtEveryLength) {
    for (std::size_t length = 0; length < 32; ++length) {
        EXPECT_FALSE(MainInit::parse(Bytes(length))) << length;
    }
    for (std::size_t length = 0; length < 4; ++length) {
        EXPECT_FALSE(MouseMode::parse(Bytes(length))) << length;
        EXPECT_FALSE(ChannelsList::parse(Bytes(length))) << length;
        EXPECT_FALSE(MainName::parse(Bytes(length))) << length;
    }
    for (std::size_t length = 0; length < 16; ++length) {
        EXPECT_FALSE(MainUuid::parse(Bytes(length))) << length;
    }
}

TEST(ChannelsList, IsParsed) {
    const Wire body = Wire().u32(3).u8(3).u8(0).u8(5).u8(0).u8(9).u8(2);
    const auto list = ChannelsList::parse(body);
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->has(ChannelType::Inputs));
    EXPECT_TRUE(list->has(ChannelType::Playback));
    EXPECT_FALSE(list->has(ChannelType::Record));
    EXPECT_FALSE(ChannelsList::parse(Wire().u32(0))->has(ChannelType::Inputs));
}

TEST(ChannelsList, AnIdIsNoType) {
    EXPECT_FALSE(ChannelsList::parse(Wire().u32(1).u8(9).u8(3))->has(ChannelType::Inputs));
}

TEST(ChannelsList, DamagedCountsAreRefused) {
    const Bytes two = {3, 0, 5, 0};
    EXPECT_TRUE(ChannelsList::parse(Wire().u32(2).bytes(two)));
    EXPECT_TRUE(ChannelsList::parse(Wire().u32(1).bytes(two))) << "more bytes are tolerated";
    EXPECT_FALSE(ChannelsList::parse(Wire().u32(3).bytes(two)));
    EXPECT_FALSE(ChannelsList::parse(Wire().u32(0x80000001).bytes(two))) << "wraps in 32 bits";
    EXPECT_FALSE(ChannelsList::parse(Wire().u32(0xffffffff).bytes(two)));
}

TEST(ChannelsList, TakesAsManyAsAreKeptOfAMessage) {
    constexpr std::uint32_t kMost = (Framer::kKept - 4) / 2;
    EXPECT_TRUE(ChannelsList::parse(Wire().u32(kMost).fill(2 * kMost, 0)));
    EXPECT_FALSE(ChannelsList::parse(Wire().u32(kMost + 1).fill(2 * kMost, 0)));
}

TEST(MainName, EndsAtTheNul) {
    const auto name = [](const Wire& body) { return to_bytes(MainName::parse(body)->name); };
    EXPECT_EQ(name(Wire().u32(4).text(std::string_view("win\0", 4))), (Bytes{'w', 'i', 'n'}));
    EXPECT_EQ(name(Wire().u32(3).text("win")), (Bytes{'w', 'i', 'n'}));
    EXPECT_EQ(name(Wire().u32(0)), Bytes{});
    EXPECT_EQ(name(Wire().u32(2).text("win")), (Bytes{'w', 'i'}));
}

TEST(MainName, DamagedLengthsAreRefused) {
    for (const std::uint32_t length : {4u, 0x7fffffffu, 0xffffffffu}) {
        EXPECT_FALSE(MainName::parse(Wire().u32(length).text("win"))) << length;
    }
}

TEST(MainUuid, IsTakenAsItIsWritten) {
    Bytes bytes(16);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(i + 1);
    }
    const auto message = MainUuid::parse(bytes);
    ASSERT_TRUE(message && message->uuid);
    EXPECT_EQ(to_bytes(*message->uuid), bytes);
}

TEST(MainUuid, OfZerosIsNone) {
    EXPECT_EQ(MainUuid::parse(Bytes(16))->uuid, std::nullopt);
}

TEST(MainMessages, AreEncoded) {
    EXPECT_EQ(to_bytes(encode_attach_channels()), Wire().message(104).get());
    EXPECT_EQ(to_bytes(encode_mouse_mode_request(1)), Wire().message(105, Wire().u16(1)).get());
    EXPECT_EQ(to_bytes(encode_migrate_connect_error()), Wire().message(103).get());
}

} // namespace
} // namespace spicykvm::spice
