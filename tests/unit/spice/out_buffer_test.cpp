// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/out_buffer.h"
#include "support/wire.h"

#include <gtest/gtest.h>

namespace spicykvm::spice {
namespace {

using test::Bytes;
using test::to_bytes;

TEST(OutBuffer, GivesBackInOrder) {
    OutBuffer out(8);
    out.append(Bytes{1, 2, 3});
    out.append(Bytes{});
    out.append(Bytes{4});
    EXPECT_EQ(to_bytes(out.pending()), (Bytes{1, 2, 3, 4}));
    out.consume(3);
    EXPECT_EQ(to_bytes(out.pending()), (Bytes{4}));
    out.consume(1);
    EXPECT_TRUE(out.empty());
}

TEST(OutBuffer, TakesExactlyItsCapacity) {
    OutBuffer out(4);
    out.append(Bytes{1, 2, 3, 4});
    EXPECT_FALSE(out.overflowed());
    EXPECT_EQ(out.pending().size(), 4u);
}

TEST(OutBuffer, OneByteMoreOverflowsForGoodAndKeepsNoPart) {
    OutBuffer out(4);
    out.append(Bytes{1, 2});
    out.append(Bytes{3, 4, 5});
    EXPECT_TRUE(out.overflowed());
    EXPECT_EQ(to_bytes(out.pending()), (Bytes{1, 2}));
    out.append(Bytes{6});
    EXPECT_EQ(to_bytes(out.pending()), (Bytes{1, 2}));
    EXPECT_TRUE(out.overflowed());
}

TEST(OutBuffer, UsesTheRoomOfWhatIsGone) {
    OutBuffer out(4);
    for (std::uint8_t i = 0; i < 100; ++i) {
        out.append(Bytes{i, i, i});
        EXPECT_EQ(to_bytes(out.pending()).back(), i);
        out.consume(out.pending().size() - (i % 2)); // sometimes a byte is left over
    }
    EXPECT_FALSE(out.overflowed());
}

} // namespace
} // namespace spicykvm::spice
