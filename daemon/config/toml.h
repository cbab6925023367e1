// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

namespace spicykvm::config {

struct Member;
struct Value;
using List = std::vector<Value>;
using Table = std::vector<Member>;

/// A TOML value that is none of the other kinds: a date or a time.
struct DateOrTime {};

/// A TOML value with the line it stands in. The rest of the configuration code reads these, so that
/// toml++ is seen in one file only.
struct Value {
    std::variant<DateOrTime, bool, std::int64_t, double, std::string, List, Table> data;
    unsigned line = 0;
    bool hexadecimal = false; ///< an integer written as 0x..
};

struct Member {
    std::string key;
    Value value;
};

/// The value of a key; null if there is none.
[[nodiscard]] const Value* member(const Table& table, std::string_view key) noexcept;

struct TomlError {
    unsigned line = 0;
    std::string text;
};

/// Reads a whole TOML text. Never throws for what the text contains.
[[nodiscard]] tl::expected<Table, TomlError> parse_toml(std::string_view text);

} // namespace spicykvm::config
