// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bytes.h"

#include <array>
#include <gtest/gtest.h>

namespace spicykvm {
namespace {

TEST(ByteReader, ReadsLittleEndian) {
    const std::array<std::uint8_t, 7> bytes{0x01, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u8(), 0x01);
    EXPECT_EQ(reader.u16(), 0x1234);
    EXPECT_EQ(reader.u32(), 0x12345678U);
    EXPECT_TRUE(reader.ok());
    EXPECT_EQ(reader.remaining(), 0U);
}

TEST(ByteReader, GivesZeroAndStaysBadPastTheEnd) {
    const std::array<std::uint8_t, 3> bytes{1, 2, 3};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0);
    EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, RefusesASpanLongerThanTheRest) {
    const std::array<std::uint8_t, 3> bytes{1, 2, 3};
    ByteReader reader(bytes);
    EXPECT_TRUE(reader.bytes(SIZE_MAX).empty());
    EXPECT_FALSE(reader.ok());
}

TEST(ByteWriter, RoundTripsThroughTheReader) {
    std::array<std::uint8_t, 15> buffer{};
    ByteWriter writer(buffer);
    writer.u8(7).u16(0xBEEF).u32(0xDEADBEEF).u64(0x0102030405060708ULL);
    ASSERT_TRUE(writer.ok());
    ByteReader reader(writer.written());
    EXPECT_EQ(reader.u8(), 7);
    EXPECT_EQ(reader.u16(), 0xBEEF);
    EXPECT_EQ(reader.u32(), 0xDEADBEEFU);
    EXPECT_EQ(reader.u64(), 0x0102030405060708ULL);
    EXPECT_TRUE(reader.ok());
}

TEST(ByteWriter, WritesNothingOfAValueThatDoesNotFit) {
    std::array<std::uint8_t, 3> buffer{0xAA, 0xAA, 0xAA};
    ByteWriter writer(buffer);
    writer.u32(1);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.size(), 0U);
    EXPECT_EQ(buffer[0], 0xAA);
}

} // namespace
} // namespace spicykvm
