// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/ids.h"

#include <gtest/gtest.h>

namespace spicykvm::config {
namespace {

TEST(Ids, ReadsAUuidInAnyCase) {
    const auto uuid = parse_uuid("c7a5fdbd-EDAF-9455-926a-d65c16db1809");
    ASSERT_TRUE(uuid);
    EXPECT_EQ((*uuid)[0], 0xc7);
    EXPECT_EQ((*uuid)[4], 0xed);
    EXPECT_EQ((*uuid)[15], 0x09);
}

TEST(Ids, RefusesWhatIsNoUuid) {
    for (const char* text :
         {"", "c7a5fdbd", "c7a5fdbdedaf9455926ad65c16db1809", "c7a5fdbd-edaf-9455-926a-d65c16db180",
          "c7a5fdbd-edaf-9455-926a-d65c16db18099", "g7a5fdbd-edaf-9455-926a-d65c16db1809",
          "c7a5fdbd-edaf-9455-926a-d65c16db18 9", "c7a5fdbd+edaf-9455-926a-d65c16db1809",
          "-7a5fdbd-edaf-9455-926a-d65c16db1809", "{7a5fdbd-edaf-9455-926a-d65c16db180}"}) {
        EXPECT_FALSE(parse_uuid(text)) << text;
    }
}

TEST(Ids, ReadsADeviceId) {
    const auto id = parse_device_id("046d:C52b");
    ASSERT_TRUE(id);
    EXPECT_EQ(id->vendor, 0x046d);
    EXPECT_EQ(id->product, 0xc52b);
}

TEST(Ids, RefusesWhatIsNoDeviceId) {
    for (const char* text : {"", "046d", "46d:c52b", "046d:c52", "046d:c52b0", "046d-c52b",
                             "046g:c52b", "0x46:c52b", "-46d:c52b", " 46d:c52b"}) {
        EXPECT_FALSE(parse_device_id(text)) << text;
    }
}

} // namespace
} // namespace spicykvm::config
