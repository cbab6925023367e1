// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/framer.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;
using test::Wire;

struct Seen {
    std::uint16_t type;
    std::uint32_t size;
    Bytes body;
    bool operator==(const Seen&) const = default;
};

void feed(Framer& framer, ByteSpan bytes, std::vector<Seen>& seen) {
    while (const auto message = framer.next(bytes)) {
        seen.push_back({message->type, message->size, to_bytes(message->body)});
    }
    EXPECT_TRUE(bytes.empty());
}

std::vector<Seen> feed_all(ByteSpan bytes) {
    Framer framer;
    std::vector<Seen> seen;
    feed(framer, bytes, seen);
    return seen;
}

TEST(Framer, CutsMessagesThatComeTogether) {
    const auto seen = feed_all(Wire().message(7, Bytes{1, 2, 3}).message(111).message(2, Bytes{9}));
    EXPECT_EQ(seen, (std::vector<Seen>{{7, 3, {1, 2, 3}}, {111, 0, {}}, {2, 1, {9}}}));
}

TEST(Framer, PutsTogetherWhatComesInAnyTwoPortions) {
    const Wire wire = Wire().message(7, Bytes{1, 2, 3}).message(111).message(2, Bytes{9});
    const auto whole = feed_all(wire);
    const ByteSpan bytes = wire;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Framer framer;
        std::vector<Seen> seen;
        feed(framer, bytes.first(cut), seen);
        feed(framer, bytes.subspan(cut), seen);
        EXPECT_EQ(seen, whole) << "cut after " << cut;
    }
}

TEST(Framer, PutsTogetherSingleBytes) {
    const Wire wire = Wire().message(7, Bytes{1, 2, 3}).message(111).message(2, Bytes{9});
    Framer framer;
    std::vector<Seen> seen;
    for (const std::uint8_t byte : wire.get()) {
        feed(framer, ByteSpan(&byte, 1), seen);
    }
    EXPECT_EQ(seen, feed_all(wire));
}

TEST(Framer, GivesNothingForATruncatedMessage) {
    const Wire wire = Wire().message(7, Bytes{1, 2, 3});
    for (std::size_t length = 0; length < wire.get().size(); ++length) {
        EXPECT_TRUE(feed_all(ByteSpan(wire).first(length)).empty()) << length;
    }
}

TEST(Framer, KeepsABodyOfExactlyItsCapacityWhole) {
    const Bytes body(Framer::kKept, 0x5a);
    const auto seen = feed_all(Wire().message(4, body).message(1));
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].body, body);
}

TEST(Framer, DrainsWhatIsLongerAndGoesOn) {
    Bytes body(256'012, 0);
    for (std::size_t i = 0; i < body.size(); ++i) {
        body[i] = static_cast<std::uint8_t>(i);
    }
    const Wire wire = Wire().message(4, body).message(9, Bytes{1});
    const ByteSpan bytes = wire;
    Framer framer;
    std::vector<Seen> seen;
    for (std::size_t at = 0; at < bytes.size(); at += 1000) {
        feed(framer, bytes.subspan(at, std::min<std::size_t>(1000, bytes.size() - at)), seen);
    }
    body.resize(Framer::kKept);
    EXPECT_EQ(seen, (std::vector<Seen>{{4, 256'012, body}, {9, 1, {1}}}));
}

TEST(Framer, TakesTheLargestSizeAndRefusesOneMore) {
    Framer framer;
    const Wire largest = Wire().u16(4).u32(Framer::kMaxSize);
    ByteSpan bytes = largest;
    EXPECT_FALSE(framer.next(bytes).has_value());
    EXPECT_FALSE(framer.broken());

    Framer other;
    const Wire larger = Wire().u16(4).u32(Framer::kMaxSize + 1).u8(1);
    bytes = larger;
    EXPECT_FALSE(other.next(bytes).has_value());
    EXPECT_TRUE(other.broken());
    EXPECT_TRUE(bytes.empty());
}

TEST(Framer, StaysBroken) {
    Framer framer;
    const Wire wire = Wire().u16(4).u32(0xffffffff).message(1);
    ByteSpan bytes = wire;
    EXPECT_FALSE(framer.next(bytes).has_value());
    const Wire more = Wire().message(1);
    bytes = more;
    EXPECT_FALSE(framer.next(bytes).has_value());
    EXPECT_TRUE(framer.broken());
}

} // namespace
} // namespace spicykvm::spice
