// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/away_list.h"

#include <gtest/gtest.h>

namespace spicykvm::ddc {
namespace {

TEST(AwayList, ComesBackAsItWas) {
    const AwayList list = {{"win11", "left"}, {"a\tb\nc%", "\x7f \xc3\xa4"}, {"", ""}};
    EXPECT_EQ(decode_away(encode_away(list)), list);
    EXPECT_EQ(decode_away(encode_away({})), AwayList{});
}

TEST(AwayList, IsText) {
    EXPECT_EQ(encode_away({{"win11", "my left\n"}}), "spicykvm-monitors 1\nwin11\tmy left%0a\n");
}

TEST(AwayList, DamagedIsNone) {
    const std::string first = "spicykvm-monitors 1\n";
    for (const char* lines : {"a", "a\tb", "a\n", "a\tb%\n", "a\tb%4\n", "a%zz\tb\n", "\n"}) {
        EXPECT_FALSE(decode_away(first + lines)) << lines;
    }
    EXPECT_FALSE(decode_away(""));
    EXPECT_FALSE(decode_away("spicykvm-monitors 2\na\tb\n"));
    const std::string whole = encode_away({{"win11", "left"}});
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto cut = decode_away(whole.substr(0, length));
        EXPECT_TRUE(!cut || cut->empty()) << length;
    }
}

TEST(AwayList, IsLimited) {
    const AwayList most(kMaxAway, {"t", "m"});
    EXPECT_EQ(decode_away(encode_away(most)), most);
    EXPECT_FALSE(decode_away(encode_away(AwayList(kMaxAway + 1, {"t", "m"}))));
    EXPECT_FALSE(decode_away(encode_away({{std::string(kMaxAwayFile, 'x'), "m"}})));
}

} // namespace
} // namespace spicykvm::ddc
