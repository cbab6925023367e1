// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm {

/// One option of a program, for manual pages and shells.
struct OptionText {
    std::string name;               ///< "--bus"
    std::string value;              ///< "BUS"; empty: a flag
    std::vector<std::string> words; ///< the values that are allowed; empty: others than a few words
    std::string meaning;
    bool repeatable = false;
};

/// What a program's exit code means.
struct ExitText {
    int code;
    std::string_view meaning;
};

/// "Exit codes: 0 done, 1 failed."
[[nodiscard]] inline std::string exit_line(std::span<const ExitText> codes) {
    std::string text = "Exit codes:";
    for (const ExitText& exit : codes) {
        text += (text.ends_with(':') ? " " : ", ") + std::to_string(exit.code) + " " +
                std::string(exit.meaning);
    }
    return text + ".";
}

/// The options of a CLI::App, in the order in which they were added. A template, so that whoever
/// only reads the texts needs no CLI11.
template <typename App>
[[nodiscard]] std::vector<OptionText> option_texts(const App& app) {
    std::vector<OptionText> texts;
    for (const auto* option : app.get_options()) {
        OptionText& text = texts.emplace_back();
        text.name = "--" + option->get_lnames().front();
        text.meaning = option->get_description();
        text.repeatable = option->get_expected_max() > 1;
        // CLI11 puts what a check allows behind the value's name: "BUS:{system,session}".
        std::string value = option->get_items_expected_max() > 0 ? option->get_type_name() : "";
        const std::size_t colon = std::min(value.find(':'), value.size());
        text.value = value.substr(0, colon);
        std::string_view list = std::string_view(value).substr(colon);
        if (list.starts_with(":{") && list.ends_with('}')) {
            list = list.substr(2, list.size() - 3);
            while (!list.empty()) {
                const std::size_t end = std::min(list.find(','), list.size());
                text.words.emplace_back(list.substr(0, end));
                list.remove_prefix(std::min(end + 1, list.size()));
            }
        }
    }
    return texts;
}

} // namespace spicykvm
