// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/messages.h"
#include "support/edid_bytes.h"

#include <gtest/gtest.h>

namespace spicykvm::ddc {
namespace {

using test::Bytes;

Request request() {
    Request request;
    request.serial = 0x01020304;
    request.operation = Operation::Set;
    request.identity = IdentityRule::Required;
    request.source = SourceAddress::LgChannel;
    request.vcp = VcpCode::LgInputSource;
    request.bus = Bus{7};
    request.value = 0x1d1;
    request.index = 3;
    request.reply_delay_ms = 500;
    request.edid.fill(0xa5);
    return request;
}

Reply reply() {
    Reply reply;
    reply.serial = 9;
    reply.status = Status::BadReply;
    reply.attempted = true;
    reply.internal = true;
    reply.momentary = true;
    reply.fault = ReplyFault::Checksum;
    reply.error_number = 121;
    reply.max = 0x12;
    reply.current = 0x1b1b;
    reply.buses = {Bus{1}, Bus{300}};
    reply.edid.fill(0x5a);
    reply.text = std::string(Reply::kMaxText, 'x');
    return reply;
}

template <typename Message, typename Change>
bool is_taken(const Message& message, Change change) {
    auto bytes = message.encode();
    change(bytes);
    return Message::decode(bytes).has_value();
}

TEST(Request, ComesBackAsItWas) {
    EXPECT_EQ(Request::decode(request().encode()), request());
    EXPECT_EQ(Request::decode(Request{}.encode()), Request{});
}

TEST(Request, HasItsFieldsInTheirPlaces) {
    const auto bytes = request().encode();
    EXPECT_EQ(Bytes(bytes.begin(), bytes.begin() + 22),
              (Bytes{'d',  'd',  'c', '1', 4, 3,    2, 1, 4, 1,    0,
                     0x50, 0xf4, 0,   7,   0, 0xd1, 1, 3, 0, 0xf4, 1}));
    EXPECT_EQ(bytes.back(), 0xa5);
}

TEST(Request, OfAnotherLengthIsNone) {
    const auto bytes = request().encode();
    Bytes longer(bytes.begin(), bytes.end());
    longer.push_back(0);
    EXPECT_FALSE(Request::decode(longer));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(Request::decode(ByteSpan(bytes).first(length)));
    }
}

TEST(Request, OutOfRangeIsNone) {
    for (const auto& [at, value] : std::vector<std::pair<std::size_t, std::uint8_t>>{
             {0, 'x'}, {8, 0}, {8, 7}, {9, 3}, {10, 2}, {11, 0x52}, {13, 1}, {21, 4}}) {
        EXPECT_FALSE(is_taken(request(), [at = at, value = value](auto& bytes) {
            bytes[at] = value;
        })) << at;
    }
}

TEST(Request, ToWriteWhatIsNotAllowedIsNone) {
    Request brightness = request();
    brightness.vcp = VcpCode::Luminance;
    EXPECT_FALSE(Request::decode(brightness.encode()));
    brightness.unsafe = true;
    EXPECT_EQ(Request::decode(brightness.encode()), brightness);
    brightness.unsafe = false;
    brightness.operation = Operation::Get;
    EXPECT_TRUE(Request::decode(brightness.encode()));
}

TEST(Reply, ComesBackAsItWas) {
    EXPECT_EQ(Reply::decode(reply().encode()), reply());
    EXPECT_EQ(Reply::decode(Reply{}.encode()), Reply{});
}

TEST(Reply, KeepsEachFlag) {
    for (bool Reply::*flag :
         {&Reply::attempted, &Reply::unlocked, &Reply::internal, &Reply::edid_unreadable,
          &Reply::supported, &Reply::momentary, &Reply::has_edid}) {
        Reply one;
        one.*flag = true;
        EXPECT_EQ(Reply::decode(one.encode()), one);
    }
}

TEST(Reply, CutsWhatIsTooMuch) {
    Reply much = reply();
    much.buses.assign(6, Bus{1});
    much.text = std::string(100, 'x');
    const auto kept = Reply::decode(much.encode());
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->buses.size(), Reply::kMaxBuses);
    EXPECT_EQ(kept->text.size(), Reply::kMaxText);
}

TEST(Reply, OutOfRangeIsNone) {
    const std::size_t kBusCount = 20;
    for (const auto& [at, value] : std::vector<std::pair<std::size_t, std::uint8_t>>{
             {3, 0}, {8, 9}, {9, 0x80}, {10, 8}, {11, 1}, {15, 0x80}, {kBusCount, 5}, {21, 65}}) {
        EXPECT_FALSE(is_taken(reply(), [at = at, value = value](auto& bytes) {
            bytes[at] = value;
        })) << at;
    }
    const auto bytes = reply().encode();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(Reply::decode(ByteSpan(bytes).first(length)));
    }
}

} // namespace
} // namespace spicykvm::ddc
