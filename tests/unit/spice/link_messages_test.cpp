// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/link_messages.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;
using test::Wire;

TEST(LinkHello, IsTheseBytes) {
    const LinkHello hello{
        .channel = ChannelType::Inputs, .session = 0x01020304, .channel_capabilities = 0x2};
    EXPECT_EQ(to_bytes(hello.encode()), Wire()
                                            .text("REDQ")
                                            .u32(2)
                                            .u32(2)
                                            .u32(26)
                                            .u32(0x01020304)
                                            .u8(3)
                                            .u8(0)
                                            .u32(1)
                                            .u32(1)
                                            .u32(18)
                                            .u32(0x0b)
                                            .u32(0x2)
                                            .get());
}

TEST(LinkHeader, IsParsed) {
    const auto header = LinkHeader::parse(Wire().text("REDQ").u32(2).u32(9).u32(186));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->magic, LinkHeader::kMagic);
    EXPECT_EQ(header->major, 2u);
    EXPECT_EQ(header->size, 186u);
    for (std::size_t length = 0; length < LinkHeader::kSize; ++length) {
        EXPECT_FALSE(LinkHeader::parse(Bytes(length))) << length;
    }
}

Wire reply(std::uint32_t common_words, std::uint32_t channel_words, std::uint32_t offset) {
    return Wire().u32(7).fill(162, 0xaa).u32(common_words).u32(channel_words).u32(offset);
}

TEST(LinkReply, IsParsed) {
    const auto parsed = LinkReply::parse(reply(1, 1, 178).u32(0x0b).u32(0x0f));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->error, 7u);
    EXPECT_EQ(to_bytes(parsed->key), Bytes(162, 0xaa));
    EXPECT_EQ(parsed->common_capabilities, 0x0bu);
    EXPECT_EQ(parsed->channel_capabilities, 0x0fu);
}

TEST(LinkReply, MoreWordsThanOneAreSteppedOver) {
    const auto parsed =
        LinkReply::parse(reply(3, 2, 180).u16(0).u32(1).u32(2).u32(3).u32(4).u32(5));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->common_capabilities, 1u);
    EXPECT_EQ(parsed->channel_capabilities, 4u);
}

TEST(LinkReply, NoWordsAreNoCapabilities) {
    const auto parsed = LinkReply::parse(reply(0, 0, 178));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->common_capabilities, 0u);
    EXPECT_EQ(parsed->channel_capabilities, 0u);
    EXPECT_EQ(LinkReply::parse(reply(0, 1, 178).u32(6))->channel_capabilities, 6u);
}

TEST(LinkReply, EveryTruncationIsRefused) {
    const Wire whole = reply(1, 1, 178).u32(0x0b).u32(0x0f);
    for (std::size_t length = 0; length < whole.get().size(); ++length) {
        EXPECT_FALSE(LinkReply::parse(ByteSpan(whole).first(length))) << length;
    }
}

TEST(LinkReply, DamagedCountsAndOffsetsAreRefused) {
    const auto accepts = [](std::uint32_t common, std::uint32_t channel, std::uint32_t offset) {
        return LinkReply::parse(reply(common, channel, offset).u32(1).u32(2)).has_value();
    };
    EXPECT_TRUE(accepts(2, 0, 178));
    EXPECT_TRUE(accepts(0, 2, 178));
    EXPECT_FALSE(accepts(2, 1, 178));
    EXPECT_FALSE(accepts(1, 1, 179));
    EXPECT_FALSE(accepts(0, 0, 187));
    EXPECT_TRUE(accepts(0, 0, 186));
    EXPECT_FALSE(accepts(1, 1, 0xffffffff));
    // Sums that would wrap around in 32 bits.
    EXPECT_FALSE(accepts(0x40000000, 0, 178));
    EXPECT_FALSE(accepts(0x80000000, 0x80000000, 178));
    EXPECT_FALSE(accepts(0xffffffff, 0xffffffff, 178));
}

} // namespace
} // namespace spicykvm::spice
