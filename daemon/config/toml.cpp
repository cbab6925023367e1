// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/toml.h"

#include <algorithm>
#include <toml++/toml.h>

namespace spicykvm::config {

namespace {

Value convert(const toml::node& node);

Table convert_table(const toml::table& table) {
    Table members;
    members.reserve(table.size());
    for (const auto& [key, node] : table) {
        members.push_back({std::string(key.str()), convert(node)});
    }
    return members;
}

List convert_list(const toml::array& array) {
    List values;
    values.reserve(array.size());
    for (const toml::node& node : array) {
        values.push_back(convert(node));
    }
    return values;
}

/// As deep as toml++ lets a text nest (256 levels).
Value convert(const toml::node& node) {
    Value value;
    value.line = node.source().begin.line;
    if (const auto* boolean = node.as_boolean()) {
        value.data = boolean->get();
    } else if (const auto* integer = node.as_integer()) {
        value.data = integer->get();
        value.hexadecimal = integer->flags() == toml::value_flags::format_as_hexadecimal;
    } else if (const auto* number = node.as_floating_point()) {
        value.data = number->get();
    } else if (const auto* string = node.as_string()) {
        value.data = string->get();
    } else if (const auto* array = node.as_array()) {
        value.data = convert_list(*array);
    } else if (const auto* table = node.as_table()) {
        value.data = convert_table(*table);
    }
    return value;
}

/// The library quotes the text it stumbled over, line ends and all.
std::string one_line(std::string_view text) {
    std::string line(text.substr(0, 200));
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return line;
}

} // namespace

const Value* member(const Table& table, std::string_view key) noexcept {
    const auto found =
        std::find_if(table.begin(), table.end(), [key](const Member& m) { return m.key == key; });
    return found == table.end() ? nullptr : &found->value;
}

tl::expected<Table, TomlError> parse_toml(std::string_view text) {
    try {
        return convert_table(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return tl::unexpected(TomlError{error.source().begin.line, one_line(error.description())});
    }
}

} // namespace spicykvm::config
