// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/toml.h"

#include <gtest/gtest.h>

namespace spicykvm::config {
namespace {

const Value* find(const Table& table, std::string_view key) {
    for (const Member& member : table) {
        if (member.key == key) {
            return &member.value;
        }
    }
    return nullptr;
}

TEST(Toml, KeepsEveryKindWithItsLine) {
    const auto root = parse_toml("b = true\ni = 12\nh = 0x1f\nf = 1.5\ns = 'x'\nl = [\n1,\n2]\n"
                                 "d = 2026-01-01\n[t]\nk = 1\n");
    ASSERT_TRUE(root);
    EXPECT_TRUE(std::get<bool>(find(*root, "b")->data));
    EXPECT_EQ(std::get<std::int64_t>(find(*root, "i")->data), 12);
    EXPECT_FALSE(find(*root, "i")->hexadecimal);
    EXPECT_EQ(std::get<std::int64_t>(find(*root, "h")->data), 31);
    EXPECT_TRUE(find(*root, "h")->hexadecimal);
    EXPECT_EQ(std::get<double>(find(*root, "f")->data), 1.5);
    EXPECT_EQ(std::get<std::string>(find(*root, "s")->data), "x");
    const auto& list = std::get<List>(find(*root, "l")->data);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[1].line, 8U);
    EXPECT_TRUE(std::holds_alternative<DateOrTime>(find(*root, "d")->data));
    EXPECT_EQ(find(*root, "t")->line, 10U);
    EXPECT_EQ(find(std::get<Table>(find(*root, "t")->data), "k")->line, 11U);
}

TEST(Toml, NamesTheLineOfAnError) {
    const auto root = parse_toml("a = 1\nb = = 2\n");
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().line, 2U);
    EXPECT_FALSE(root.error().text.empty());
}

TEST(Toml, SaysAnErrorInOneLine) {
    const auto root = parse_toml("a = { b = 1 }\nc = tru\n[d\n]");
    ASSERT_FALSE(root);
    EXPECT_EQ(root.error().text.find('\n'), std::string::npos);
}

TEST(Toml, RefusesWhatIsNoText) {
    EXPECT_FALSE(parse_toml(std::string_view("a = \0", 5)));
    EXPECT_FALSE(parse_toml("a = \"\xff\""));
    EXPECT_FALSE(parse_toml("a = 1\na = 2"));
    EXPECT_FALSE(parse_toml("a = " + std::string(100000, '[')));
}

TEST(Toml, ReadsNothingFromNothing) {
    EXPECT_TRUE(parse_toml("")->empty());
    EXPECT_TRUE(parse_toml("# only a comment")->empty());
}

} // namespace
} // namespace spicykvm::config
