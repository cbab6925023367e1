// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/full_config.h"

#include "generate/examples.h"

#include <algorithm>

namespace spicykvm::docs {

namespace {

constexpr std::size_t kColumns = 100;

constexpr std::string_view kHead =
    R"(# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every key of /etc/spicykvm/config.toml, with its default, or with an example where there is none.
# Take the "#" away from what you want, and from the [table] above it; then run
#
#     spicykvmctl config check && spicykvmctl reload
#
# A short example to start from is config.toml; see spicykvm.toml(5), too. Whatever is written here,
# Backspace+Escape+Enter always brings keyboard and mouse home.
)";

/// Lines of a comment.
std::string prose(std::string_view text) {
    std::string lines;
    std::size_t column = kColumns; // a new line comes first
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (column + 1 + word.size() > kColumns) {
            lines += lines.empty() ? "#" : "\n#";
            column = 1;
        }
        lines += ' ' + std::string(word);
        column += 1 + word.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines + '\n';
}

/// The key that holds the tables of a section. A section of devices has no name of its own.
const config::KeySpec* holder_of(std::string_view section) {
    const std::string path(section == "input.device" ? "input.exclude" : section);
    const std::size_t dot = path.rfind('.');
    const std::string parent = dot == std::string::npos ? "" : path.substr(0, dot);
    for (const config::KeySpec* key : config::keys_of(parent)) {
        if (key->name == path.substr(dot + 1)) { // npos + 1 is 0
            return key;
        }
    }
    return nullptr;
}

std::vector<std::string_view> sections() {
    std::vector<std::string_view> names;
    for (const config::KeySpec& key : config::key_table()) {
        if (!key.section.empty() &&
            std::find(names.begin(), names.end(), key.section) == names.end()) {
            names.push_back(key.section);
        }
    }
    return names;
}

bool has_section(const config::KeySpec& key) {
    const auto all = sections();
    return std::any_of(all.begin(), all.end(),
                       [&](std::string_view section) { return holder_of(section) == &key; });
}

std::string head_of(std::string_view section) {
    const config::KeySpec* const holder = holder_of(section);
    if (holder == nullptr) {
        return "\n#[" + std::string(section) + "]\n";
    }
    const bool is_list =
        config::type_text(*holder).find("list of tables") != std::string_view::npos;
    const std::string path = holder->section.empty()
                                 ? std::string(holder->name)
                                 : std::string(holder->section) + "." + std::string(holder->name);
    std::string text = "\n" + prose(holder->meaning);
    if (config::type_text(*holder).starts_with("string")) { // not only a table
        text += prose("Allowed: " + config::allowed(*holder) + ".");
    }
    return text + (is_list ? "#[[" + path + "]]\n" : "#[" + path + "]\n");
}

std::string setting(const config::KeySpec& key) {
    const Example* const example = example_of(key);
    const std::string fallback = config::default_text(key);
    const std::string value =
        fallback == "-" && example != nullptr ? std::string(example->value) : fallback;
    std::string text = "\n" + prose(key.meaning);
    if (key.presence == config::Presence::Required) {
        text += prose("Required.");
    } else if (key.presence == config::Presence::Later) {
        text += prose("Not in this version: ignored with a warning.");
    }
    text += prose("Allowed: " + config::allowed(key) + ".");
    const bool is_alternative = example != nullptr && example->is_alternative;
    return text + (is_alternative ? "# or: " : "#") + std::string(key.name) + " = " + value + "\n";
}

} // namespace

std::string full_config() {
    std::string text(kHead);
    for (const std::string_view section : sections()) {
        text += head_of(section);
        for (const config::KeySpec* key : config::keys_of(section)) {
            text += has_section(*key) ? "" : setting(*key);
        }
    }
    return text;
}

} // namespace spicykvm::docs
