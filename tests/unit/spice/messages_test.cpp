// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/messages.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;
using test::Wire;

TEST(EncodeMessage, IsHeaderAndFieldsUnpadded) {
    const auto bytes =
        encode_message(0x0102, std::uint8_t{1}, std::uint32_t{0x04030201}, std::int32_t{-2});
    EXPECT_EQ(to_bytes(bytes),
              (Bytes{0x02, 0x01, 9, 0, 0, 0, 1, 1, 2, 3, 4, 0xfe, 0xff, 0xff, 0xff}));
}

TEST(EncodeMessage, WithoutFieldsIsAHeader) {
    EXPECT_EQ(to_bytes(encode_message(2)), (Bytes{2, 0, 0, 0, 0, 0}));
}

TEST(SetAck, IsParsed) {
    const auto message = SetAck::parse(Wire().u32(7).u32(40));
    ASSERT_TRUE(message);
    EXPECT_EQ(message->generation, 7u);
    EXPECT_EQ(message->window, 40u);
}

TEST(Ping, IsParsedWithAndWithoutFiller) {
    for (const std::size_t filler : {0u, 1u, 4000u}) {
        const auto message = Ping::parse(Wire().u32(3).u64(0x1122334455667788).fill(filler, 0xaa));
        ASSERT_TRUE(message);
        EXPECT_EQ(message->id, 3u);
        EXPECT_EQ(message->timestamp, 0x1122334455667788u);
    }
}

TEST(Migrate, IsParsed) {
    EXPECT_EQ(Migrate::parse(Wire().u32(3))->flags, 3u);
}

TEST(Messages, TruncatedOnesAreRefusedAtEveryLength) {
    for (std::size_t length = 0; length < 8; ++length) {
        EXPECT_FALSE(SetAck::parse(Bytes(length))) << length;
    }
    for (std::size_t length = 0; length < 12; ++length) {
        EXPECT_FALSE(Ping::parse(Bytes(length))) << length;
    }
    for (std::size_t length = 0; length < 4; ++length) {
        EXPECT_FALSE(Migrate::parse(Bytes(length))) << length;
    }
    for (std::size_t length = 0; length < 24; ++length) {
        EXPECT_FALSE(Notify::parse(Bytes(length))) << length;
    }
}

Wire notify(std::uint32_t length, std::string_view text) {
    return Wire().u64(1).u32(2).u32(0).u32(5).u32(length).text(text);
}

TEST(Notify, IsParsed) {
    const Wire body = notify(5, std::string_view("hello\0", 6));
    const auto message = Notify::parse(body);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->severity, 2u);
    EXPECT_EQ(to_bytes(message->text), (Bytes{'h', 'e', 'l', 'l', 'o'}));
}

TEST(Notify, WithADamagedLengthGivesTheTextThereIs) {
    for (const std::uint32_t length : {6u, 7u, 0x7fffffffu, 0xffffffffu}) {
        const Wire body = notify(length, "hello");
        const auto message = Notify::parse(body);
        ASSERT_TRUE(message);
        EXPECT_EQ(to_bytes(message->text), (Bytes{'h', 'e', 'l', 'l', 'o'}));
    }
    EXPECT_TRUE(Notify::parse(notify(0, "hello"))->text.empty());
}

} // namespace
} // namespace spicykvm::spice
