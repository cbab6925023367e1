// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/mdoc.h"

#include "generate/examples.h"

#include <cctype>

namespace spicykvm::docs {

namespace {

/// A character that roff might take for something else. In `code` a minus is one, no hyphen, and
/// no line ends at a space.
std::string glyph(char c, bool is_code) {
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return is_code ? "\\-" : "-";
    case ' ':
        return is_code ? "\\ " : " ";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    case '\'':
        return is_code ? "\\(aq" : "'";
    case '"':
        return "\\(dq";
    default:
        return {c};
    }
}

/// For a line of macros: one argument, whatever is in it.
std::string argument(std::string_view text) {
    std::string quoted = "\"\\&";
    for (const char c : text) {
        quoted += glyph(c, true);
    }
    return quoted + '"';
}

/// A program keeps its name where a sentence begins with it.
std::string sentence(std::string text) {
    if (!text.starts_with("spicykvm")) {
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    }
    return text + (text.ends_with('.') ? "" : ".");
}

/// Whether a sentence ends with the character at `at`.
bool ends_sentence(std::string_view text, std::size_t at) {
    return (text[at] == '.' || text[at] == '?') && at + 2 < text.size() && text[at + 1] == ' ' &&
           std::isupper(static_cast<unsigned char>(text[at + 2])) != 0;
}

/// Whether a word with '_' begins at `at`, such as inactive_gain: it is not hyphenated.
bool begins_name(std::string_view text, std::size_t at) {
    const std::string_view word = text.substr(at, text.find(' ', at) - at);
    return (at == 0 || text[at - 1] == ' ') && word.find('_') != std::string_view::npos;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "`" : ", `") + word + "`";
    }
    return text;
}

std::string value_of(const config::KeySpec& key) {
    const std::string fallback = config::default_text(key);
    if (fallback != "-") {
        return "Default: `" + fallback + "`.";
    }
    const Example* const example = example_of(key);
    return example == nullptr ? "" : "Example: `" + std::string(example->value) + "`.";
}

} // namespace

std::string mdoc_text(std::string_view text) {
    std::string lines;
    bool is_code = false;
    bool is_line_start = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '`') {
            is_code = !is_code;
            lines += is_code ? "\\fB\\%" : "\\fP"; // and never hyphenated
            is_line_start = false;
            continue;
        }
        if (is_line_start && (text[i] == '.' || text[i] == '\'')) {
            lines += "\\&";
        }
        if (!is_code && begins_name(text, i)) {
            lines += "\\%";
        }
        lines += glyph(text[i], is_code);
        is_line_start = ends_sentence(text, i);
        if (is_line_start) {
            lines += '\n';
            ++i;
        }
    }
    return lines + '\n';
}

std::string mdoc_item(const OptionText& option) {
    std::string item = ".It Fl " + argument(option.name.substr(1));
    if (!option.value.empty()) {
        item += " Ar " + argument(option.value);
    }
    item += '\n' + mdoc_text(sentence(option.meaning));
    if (!option.words.empty()) {
        item += mdoc_text("Allowed: " + joined(option.words) + ".");
    }
    return item;
}

std::string mdoc_item(const ctl::Verb& verb) {
    std::string item = ".It Ic " + argument(verb.name);
    for (const ctl::Argument& word : ctl::arguments_of(verb)) {
        item += word.needed ? " Ar " : word.flag ? " Oo Fl " : " Oo Ar ";
        item += argument(word.flag ? word.name.substr(1) : word.name);
        if (!word.value.empty()) {
            item += " Ns = Ns Ar " + argument(word.value);
        }
        item += word.many ? " No ..." : "";
        item += word.needed ? "" : " Oc";
    }
    return item + '\n' + mdoc_text(sentence(std::string(verb.summary)));
}

std::string mdoc_item(const ctl::Flag& flag) {
    std::string item = ".It Fl " + argument(flag.name.substr(1));
    if (!flag.value.empty()) {
        item += " Ns = Ns Ar " + argument(flag.value);
    }
    return item + '\n' + mdoc_text(sentence(std::string(flag.meaning)));
}

std::string mdoc_item(const config::KeySpec& key) {
    std::string item =
        ".It Ic " + argument(key.name) + " Pq " + std::string(config::type_text(key)) + '\n';
    if (key.presence == config::Presence::Required) {
        item += "Required.\n";
    } else if (key.presence == config::Presence::Later) {
        item += "Not in this version: ignored with a warning.\n";
    }
    item += mdoc_text(key.meaning) + mdoc_text("Allowed: " + config::allowed(key) + ".");
    const std::string value = value_of(key);
    return item + (value.empty() ? "" : mdoc_text(value));
}

std::string mdoc_item(const ExitText& exit) {
    return ".It " + std::to_string(exit.code) + '\n' +
           mdoc_text(sentence(std::string(exit.meaning)));
}

} // namespace spicykvm::docs
