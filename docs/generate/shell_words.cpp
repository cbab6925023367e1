// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/shell_words.h"

#include <algorithm>

namespace spicykvm::docs {

std::string script_head(std::string_view shell, std::string_view program) {
    return "# SPDX-FileCopyrightText: 2026 The spicykvm authors\n"
           "# SPDX-License-Identifier: GPL-2.0-or-later\n"
           "# Completion of " +
           std::string(program) + " for " + std::string(shell) +
           ", made from the program's own tables.\n";
}

std::string in_quotes(std::string_view text, std::string_view escaped) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? std::string(escaped) : std::string(1, c);
    }
    return result + "'";
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : std::string(between)) + word;
    }
    return text;
}

bool is_file(std::string_view value) noexcept {
    return value == "FILE";
}

std::vector<std::string> first_words() {
    std::vector<std::string> words;
    for (const ctl::Verb& verb : ctl::verbs()) {
        std::string word(verb.name.substr(0, verb.name.find(' ')));
        if (std::find(words.begin(), words.end(), word) == words.end()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

std::vector<const ctl::Verb*> commands_of(std::string_view first) {
    std::vector<const ctl::Verb*> commands;
    for (const ctl::Verb& verb : ctl::verbs()) {
        if (verb.name.starts_with(first) && verb.name.substr(first.size()).starts_with(' ')) {
            commands.push_back(&verb);
        }
    }
    return commands;
}

std::string_view last_word(const ctl::Verb& verb) noexcept {
    return verb.name.substr(verb.name.rfind(' ') + 1); // npos + 1 is 0
}

std::vector<ctl::Argument> words_of(const ctl::Verb& verb) {
    auto words = ctl::arguments_of(verb);
    std::erase_if(words, [](const ctl::Argument& word) { return word.flag; });
    return words;
}

std::vector<ctl::Flag> flags_of(const ctl::Verb& verb) {
    const auto all = ctl::arguments_of(verb);
    std::vector<ctl::Flag> flags;
    for (const ctl::Flag& flag : ctl::flags()) {
        if (std::any_of(all.begin(), all.end(),
                        [&](const auto& argument) { return argument.name == flag.name; })) {
            flags.push_back(flag);
        }
    }
    return flags;
}

std::vector<std::string> kinds_of(const ctl::Argument& word) {
    std::vector<std::string> kinds;
    for (const auto& [name, kind] :
         {std::pair{"TARGET", "targets"}, {"DISPLAY", "displays"}, {"FILE", "files"}}) {
        if (word.name.find(name) != std::string_view::npos) {
            kinds.emplace_back(kind);
        }
    }
    return kinds;
}

} // namespace spicykvm::docs
