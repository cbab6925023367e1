// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/packet.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::ddc {
namespace {

using test::Bytes;
using test::to_bytes;

Bytes set(std::uint8_t code, std::uint16_t value, SourceAddress source = SourceAddress::Host) {
    return to_bytes(Packet::set_vcp(VcpCode{code}, value, source).bytes());
}

/// A reply with its checksum.
Bytes reply(const Bytes& payload) {
    Bytes bytes = {0x6e, static_cast<std::uint8_t>(0x80 + payload.size())};
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    std::uint8_t sum = 0x50;
    for (const std::uint8_t byte : bytes) {
        sum = static_cast<std::uint8_t>(sum ^ byte);
    }
    bytes.push_back(sum);
    return bytes;
}

const Bytes kInputReply = {0x6e, 0x88, 0x02, 0x00, 0x60, 0x00, 0x00, 0x12, 0x00, 0x0f, 0xc9};

tl::expected<VcpReply, ReplyFault> parse(const Bytes& bytes) {
    return parse_vcp_reply(bytes, VcpCode::InputSource);
}

TEST(Packet, AsksForAFeature) {
    EXPECT_EQ(to_bytes(Packet::get_vcp(VcpCode::InputSource).bytes()),
              (Bytes{0x51, 0x82, 0x01, 0x60, 0xdc}));
    EXPECT_EQ(to_bytes(Packet::get_vcp(VcpCode::Luminance).bytes()),
              (Bytes{0x51, 0x82, 0x01, 0x10, 0xac}));
}

TEST(Packet, SetsAFeature) {
    EXPECT_EQ(set(0x60, 0x0f), (Bytes{0x51, 0x84, 0x03, 0x60, 0x00, 0x0f, 0xd7}));
    EXPECT_EQ(set(0x60, 0x10), (Bytes{0x51, 0x84, 0x03, 0x60, 0x00, 0x10, 0xc8}));
    EXPECT_EQ(set(0x60, 0x11), (Bytes{0x51, 0x84, 0x03, 0x60, 0x00, 0x11, 0xc9}));
    EXPECT_EQ(set(0x60, 0x12), (Bytes{0x51, 0x84, 0x03, 0x60, 0x00, 0x12, 0xca}));
    EXPECT_EQ(set(0x60, 0x1b), (Bytes{0x51, 0x84, 0x03, 0x60, 0x00, 0x1b, 0xc3}));
    EXPECT_EQ(set(0xe7, 0xff00), (Bytes{0x51, 0x84, 0x03, 0xe7, 0xff, 0x00, 0xa0}));
}

TEST(Packet, SetsOverTheSecondChannelOfLg) {
    const auto lg = [](std::uint16_t value) { return set(0xf4, value, SourceAddress::LgChannel); };
    EXPECT_EQ(lg(0x90), (Bytes{0x50, 0x84, 0x03, 0xf4, 0x00, 0x90, 0xdd}));
    EXPECT_EQ(lg(0x91), (Bytes{0x50, 0x84, 0x03, 0xf4, 0x00, 0x91, 0xdc}));
    EXPECT_EQ(lg(0xd0), (Bytes{0x50, 0x84, 0x03, 0xf4, 0x00, 0xd0, 0x9d}));
    EXPECT_EQ(lg(0xd1), (Bytes{0x50, 0x84, 0x03, 0xf4, 0x00, 0xd1, 0x9c}));
    EXPECT_EQ(lg(0xd2), (Bytes{0x50, 0x84, 0x03, 0xf4, 0x00, 0xd2, 0x9f}));
    EXPECT_EQ(lg(0x1d1), (Bytes{0x50, 0x84, 0x03, 0xf4, 0x01, 0xd1, 0x9d}));
}

TEST(Packet, SavesAndAsksForCapabilities) {
    EXPECT_EQ(to_bytes(Packet::save_settings().bytes()), (Bytes{0x51, 0x81, 0x0c, 0xb2}));
    EXPECT_EQ(to_bytes(Packet::capabilities(0).bytes()),
              (Bytes{0x51, 0x83, 0xf3, 0x00, 0x00, 0x4f}));
    EXPECT_EQ(to_bytes(Packet::capabilities(32).bytes()),
              (Bytes{0x51, 0x83, 0xf3, 0x00, 0x20, 0x6f}));
    EXPECT_EQ(to_bytes(Packet::capabilities(0x1234).bytes())[3], 0x12);
}

TEST(VcpReplyParser, TakesAValue) {
    const VcpReply expected{true, false, 0x12, 0x0f};
    EXPECT_EQ(parse(kInputReply), expected);
    Bytes longer = kInputReply;
    longer.push_back(0xff); // read beyond its end
    EXPECT_EQ(parse(longer), expected);
    EXPECT_EQ(parse(reply({2, 0, 0x60, 1, 0x01, 0x02, 0x1b, 0x1c})),
              (VcpReply{true, true, 0x0102, 0x1b1c}));
    EXPECT_TRUE(parse(reply({2, 0, 0x60, 0, 0, 0, 0, 0}))->all_zero());
}

TEST(VcpReplyParser, TakesADoubledFirstByte) {
    Bytes doubled = kInputReply;
    doubled.insert(doubled.begin(), 0x6e);
    ASSERT_EQ(doubled.size(), kVcpReplyRead);
    EXPECT_EQ(parse(doubled), (VcpReply{true, false, 0x12, 0x0f}));
}

TEST(VcpReplyParser, TakesUnsupported) {
    EXPECT_EQ(parse({0x6e, 0x88, 0x02, 0x01, 0x60, 0, 0, 0, 0, 0, 0xd5}), VcpReply{});
}

TEST(VcpReplyParser, RefusesGarbage) {
    const auto fault = [](const Bytes& bytes) { return parse(bytes).error(); };
    EXPECT_EQ(fault({0x6e, 0x80, 0xbe}), ReplyFault::Null);
    EXPECT_EQ(fault(Bytes(12)), ReplyFault::AllZero);
    EXPECT_EQ(fault(Bytes(12, 0x6e)), ReplyFault::NotDdc);
    EXPECT_EQ(fault(Bytes(12, 0xff)), ReplyFault::NotDdc);
    EXPECT_EQ(fault({0x6e, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), ReplyFault::NotDdc);
    EXPECT_EQ(fault(reply(Bytes(36, 2))), ReplyFault::Length);
    EXPECT_EQ(fault({0x6e, 0xff, 2}), ReplyFault::Length);
    EXPECT_EQ(fault(reply({2, 0, 0x60, 0, 0, 0, 0})), ReplyFault::Length);
    EXPECT_EQ(fault(reply({2, 0, 0x60, 0, 0, 0, 0, 0, 0})), ReplyFault::Length);
    EXPECT_EQ(fault(reply({2, 0, 0x10, 0, 0, 0, 0, 0})), ReplyFault::Unrelated);
    EXPECT_EQ(fault(reply({0xe3, 0, 0x60, 0, 0, 0, 0, 0})), ReplyFault::Unrelated);
    EXPECT_EQ(fault(reply({2, 2, 0x60, 0, 0, 0, 0, 0})), ReplyFault::Result);
}

TEST(VcpReplyParser, SeesEveryDamagedByteAndEveryTruncation) {
    for (std::size_t i = 0; i < kInputReply.size(); ++i) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes damaged = kInputReply;
            damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ (1U << bit));
            EXPECT_FALSE(parse(damaged)) << i << " " << bit;
        }
        EXPECT_FALSE(parse(Bytes(kInputReply.begin(), kInputReply.begin() + static_cast<long>(i))));
    }
}

TEST(CapabilitiesReplyParser, TakesAFragment) {
    const Bytes bytes = reply({0xe3, 0, 32, 'a', 'b'});
    const auto text = parse_capabilities_reply(bytes, 32);
    ASSERT_TRUE(text);
    EXPECT_EQ(to_bytes(*text), (Bytes{'a', 'b'}));
    Bytes longest = {0xe3, 0, 0};
    longest.resize(3 + kMaxFragment, 'x');
    Bytes whole = reply(longest);
    EXPECT_EQ(whole.size() + 1, kCapabilitiesReplyRead);
    EXPECT_EQ(parse_capabilities_reply(whole, 0)->size(), kMaxFragment);
    whole.insert(whole.begin(), 0x6e);
    EXPECT_EQ(parse_capabilities_reply(whole, 0)->size(), kMaxFragment);
}

TEST(CapabilitiesReplyParser, TakesTheEnd) {
    EXPECT_TRUE(parse_capabilities_reply(Bytes{0x6e, 0x83, 0xe3, 0x00, 0x20, 0x7e}, 32)->empty());
}

TEST(CapabilitiesReplyParser, RefusesAnotherOffsetAndGarbage) {
    EXPECT_EQ(parse_capabilities_reply(reply({0xe3, 0, 31, 'a'}), 32).error(),
              ReplyFault::Unrelated);
    EXPECT_EQ(parse_capabilities_reply(reply({0xe3, 0}), 0).error(), ReplyFault::Length);
    EXPECT_EQ(parse_capabilities_reply(reply({0x02, 0, 0, 'a'}), 0).error(), ReplyFault::Unrelated);
    EXPECT_EQ(parse_capabilities_reply(Bytes{}, 0).error(), ReplyFault::Short);
}

TEST(ReplyFault, IsSaidInWords) {
    for (int fault = 0; fault <= static_cast<int>(ReplyFault::Result); ++fault) {
        EXPECT_NE(to_string(ReplyFault{static_cast<std::uint8_t>(fault)}), "no reply");
    }
}

} // namespace
} // namespace spicykvm::ddc
